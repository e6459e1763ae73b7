"""`mockserver defects`: list the defects that the mock can have."""

from __future__ import annotations

import argparse
import json
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Final

from mockserver.cli.errors import EXIT_OK, UsageError

if TYPE_CHECKING:
    from mockserver_contracts.defects import Defect

SUMMARY: Final = "List the defects for serve --defect, which show if your tests notice a wrong server."
EXAMPLE: Final = "mockserver serve --defect paying-again-credits-again\nmockserver defects --family money"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--family", metavar="NAME", help="Only the defects of one family.")
    parser.add_argument("--json", action="store_true", help="Print the defects as JSON.")


def run(arguments: argparse.Namespace) -> int:
    """Print the defects."""
    from mockserver_contracts.defects import DEFECTS

    families = list(dict.fromkeys(defect.family for defect in DEFECTS.values()))
    if arguments.family not in (None, *families):
        raise UsageError(f"unknown family {arguments.family!r}; --family is one of: {', '.join(families)}")
    defects = [defect for defect in DEFECTS.values() if arguments.family in (None, defect.family)]
    print(
        json.dumps({"defects": [_as_json(defect) for defect in defects]}, indent=2)
        if arguments.json
        else _as_text(defects)
    )
    return EXIT_OK


def _as_json(defect: Defect) -> dict[str, object]:
    return {
        "name": defect.name,
        "family": defect.family,
        "description": defect.description,
        "fails": sorted(defect.fails),
        "profile": defect.profile,
    }


def _as_text(defects: list[Defect]) -> str:
    width = max(len(defect.name) for defect in defects) + 4
    lines = []
    for (family, profile), members in groupby(defects, key=lambda defect: (defect.family, defect.profile)):
        lines += ["", family if profile == "page" else f"{family}, with --profile {profile}"]
        for defect in members:
            start = f"  {defect.name:<{width - 2}}"
            lines.append(textwrap.fill(defect.description, 110, initial_indent=start, subsequent_indent=" " * width))
    return "\n".join(lines[1:])
