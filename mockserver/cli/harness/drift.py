"""`mockserver drift`: where do a server and the mock part ways?"""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.harness.run import harness
from mockserver.cli.harness.run_flags import configure_run

SUMMARY: Final = "Compare a server with the mock: the same requests to both, and what differs."
EXAMPLE: Final = "mockserver drift staging --dry-run"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("target", metavar="TARGET", help="A URL, or a server of the document by name (staging).")
    configure_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare; the exit code is 0, 1 or 3, and wrong usage raises UsageError."""
    return harness(arguments, compares=True)
