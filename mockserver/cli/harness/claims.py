"""`mockserver claims`: list the claims of VideoDB's docs page."""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import Any, Final

from mockserver.cli.errors import EXIT_OK
from mockserver.contract import spec_folder

SUMMARY: Final = "List the claims of VideoDB's docs page by voice, with contradictions between voices."
EXAMPLE: Final = "mockserver claims --voice prose"
VOICES: Final = ("prose", "python-sample", "javascript-sample", "openapi")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--voice", choices=VOICES, help="Only the claims of one voice.")
    parser.add_argument("--json", action="store_true", help="Print the claims as JSON.")


def run(arguments: argparse.Namespace) -> int:
    """Print the claims."""
    claims = [claim for claim in read_claims() if arguments.voice in (None, claim["voice"])]
    if arguments.json:
        print(json.dumps({"claims": claims}, indent=2, ensure_ascii=False))
        return EXIT_OK
    for claim in claims:
        print(f"{claim['id']}  ({claim['voice']}: {claim['place']})")
        print(textwrap.fill(claim["statement"], 100, initial_indent="    ", subsequent_indent="    "))
        if claim["contradicts"]:
            print(f"    contradicts: {', '.join(claim['contradicts'])}")
        if claim["promised_by"]:
            print(f"    promised by: {', '.join(claim['promised_by'])}")
    return EXIT_OK


def read_claims() -> list[dict[str, Any]]:
    """Read the claims file."""
    import yaml

    claims: list[dict[str, Any]] = yaml.safe_load((spec_folder() / "claims.yaml").read_text("utf-8"))
    return claims
