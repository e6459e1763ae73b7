"""`mockserver drift`: compare a server with the mock."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.harness.run import run_harness
from mockserver.cli.harness.run_flags import add_run_flags

SUMMARY: Final = "Compare a server with the mock: send the same requests to both, and report the differences."
EXAMPLE: Final = "mockserver drift staging --dry-run"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("target", metavar="TARGET", help="URL, or name of a server in the document (staging).")
    add_run_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare. Exit code 0: no finding; 1: findings; 3: the target could not be tested."""
    return run_harness(arguments, command="drift")
