"""`mockserver cancel`."""

from __future__ import annotations

import argparse
from typing import Final
from urllib.parse import quote

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_session
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "Cancel the payment of a checkout session, as a buyer does. The session stays open."
EXAMPLE: Final = "mockserver cancel cs_test_..."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("id", metavar="ID", help="The session's id.")
    add_client_flags(parser, has_key=False)


def run(arguments: argparse.Namespace) -> int:
    """Send the request, and print the session's new state."""
    answer = ControlClient.of(arguments).post(f"/sessions/{quote(arguments.id, safe='')}/cancel")
    print_session(answer, as_json=arguments.json)
    return EXIT_OK
