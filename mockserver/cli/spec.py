"""`mockserver spec`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from mockserver.cli.errors import EXIT_OK, UsageError
from mockserver.contract import ContractError, load
from mockserver.printable import escape_line

SUMMARY: Final = "Print the contract: the published document with the profile's overlays applied."
EXAMPLE: Final = "mockserver spec --profile openapi --format json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--format", choices=["yaml", "json"], default="yaml", help="Output format. [default: yaml]")
    parser.add_argument("--profile", default="page", metavar="NAME|FILE", help="Profile. [default: page]")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="OpenAPI document. [default: the bundled one]")
    parser.add_argument(
        "--overlay",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="An OpenAPI Overlay to apply last; may be repeated.",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the contract."""
    try:
        contract, _ = load(arguments.profile, spec=arguments.spec, overlays=arguments.overlay)
    except ContractError as error:
        raise UsageError(str(error)) from None
    text = contract.as_yaml() if arguments.format == "yaml" else contract.as_json()
    sys.stdout.write(escape_line(text, keep="\n") if sys.stdout.isatty() else text)
    return EXIT_OK
