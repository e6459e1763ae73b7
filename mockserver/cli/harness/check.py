"""`mockserver check`: is a server true to the contract?"""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.harness.run import harness
from mockserver.cli.harness.run_flags import configure_run

SUMMARY: Final = "Check a server against the contract: the mock itself, or any other by URL."
EXAMPLE: Final = "mockserver check http://127.0.0.1:8765 --seed 7 --report html=report.html --report junit=junit.xml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="A URL, or a server of the document by name (staging). Without it the mock is checked in-process.",
    )
    configure_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the check; the exit code is 0, 1 or 3, and wrong usage raises UsageError."""
    return harness(arguments, compares=False)
