"""`mockserver claims`: list the claims of VideoDB's docs page and of observations."""

from __future__ import annotations

import argparse
import json
import textwrap
from dataclasses import asdict
from typing import Final

from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = (
    "List the claims of VideoDB's docs page and of observations by voice, with contradictions between voices."
)
EXAMPLE: Final = "mockserver claims --voice prose"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    from mockserver_contracts.results.claims import VOICES

    listed = parser.add_mutually_exclusive_group()
    listed.add_argument("--voice", choices=VOICES, help="Only the claims of one voice.")
    listed.add_argument("--rules", action="store_true", help="The rules of our own that `check` adds to the claims.")
    parser.add_argument("--json", action="store_true", help="Print the claims as JSON.")


def run(arguments: argparse.Namespace) -> int:
    """Print the claims, or the rules."""
    from mockserver_contracts.results.claims import load_claims

    if arguments.rules:
        return _print_rules(as_json=arguments.json)
    claims = [claim for claim in load_claims() if arguments.voice in (None, claim.voice)]
    if arguments.json:
        print(json.dumps({"claims": [asdict(claim) for claim in claims]}, indent=2, ensure_ascii=False))
        return EXIT_OK
    for claim in claims:
        print(f"{claim.id}  ({claim.voice}: {claim.place})")
        print(textwrap.fill(claim.statement, 100, initial_indent="    ", subsequent_indent="    "))
        if claim.quote:
            print(f"    quote: {claim.quote}")
        if claim.contradicts:
            print(f"    contradicts: {', '.join(claim.contradicts)}")
        if claim.rests_on:
            print(f"    rests on: {claim.rests_on}, {claim.seen}")
        if claim.promised_by:
            print(f"    promised by: {', '.join(claim.promised_by)}")
    return EXIT_OK


def _print_rules(*, as_json: bool) -> int:
    from mockserver_contracts.checks.catalogue import all_checks

    rules = [{"id": rule.name, "statement": rule.sentence} for rule in all_checks()[1].values()]
    if as_json:
        print(json.dumps({"rules": rules}, indent=2, ensure_ascii=False))
        return EXIT_OK
    for rule in rules:
        print(rule["id"])
        print(textwrap.fill(rule["statement"], 100, initial_indent="    ", subsequent_indent="    "))
    return EXIT_OK
