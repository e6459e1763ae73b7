"""`mockserver reset`."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK, UsageError

SUMMARY: Final = "Delete the data of an account of a running mock, or of all."
EXAMPLE: Final = "mockserver reset --key sk-demo"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--yes", action="store_true", help="Delete the data of all accounts without a question.")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reset, and print the account or `everything`. On a terminal, ask before everything is deleted."""
    if arguments.key is None and not arguments.yes and sys.stdin.isatty() and not _is_confirmed(arguments.url):
        raise UsageError("nothing was deleted; --key KEY resets one account, --yes everything")
    answer = ControlClient.of(arguments).post("/reset", key=arguments.key)
    if arguments.json:
        print_json(answer)
    else:
        print(f"reset: {answer['reset']}")
    return EXIT_OK


def _is_confirmed(url: str) -> bool:
    print(f"Delete the data of all accounts of the mock at {url}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
