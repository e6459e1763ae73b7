"""`mockserver check`: check a server against the contract."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.harness.run import run_harness
from mockserver.cli.harness.run_flags import add_run_flags

SUMMARY: Final = "Check a server against the contract: a server by URL, or the mock itself."
EXAMPLE: Final = "mockserver check http://127.0.0.1:8765 --seed 7 --report html=report.html --report junit=junit.xml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="URL, or name of a server in the document (staging). [default: the mock, in-process]",
    )
    add_run_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the check. Exit code 0: no finding; 1: findings; 3: the target could not be tested."""
    return run_harness(arguments, command="check")
