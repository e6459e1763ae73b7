"""`mockserver sessions`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "List the checkout sessions of a running mock, newest first."
EXAMPLE: Final = "mockserver sessions --key sk-demo --status pending"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--status", metavar="WORD", help="Only pending, completed or expired sessions.")
    parser.add_argument("--limit", metavar="N", default="50", help="Maximum number of sessions. [default: 50]")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the sessions."""
    answer = ControlClient.of(arguments).get(
        "/sessions", key=arguments.key, status=arguments.status, limit=arguments.limit
    )
    if arguments.json:
        print_json(answer)
        return EXIT_OK
    print_table(
        ("ID", "STATUS", "AMOUNT", "CREDITS", "ACCOUNT", "CREATED"),
        (
            [session[name] for name in ("id", "status", "amount", "credits", "account", "created_at")]
            for session in answer["sessions"]
        ),
    )
    return EXIT_OK
