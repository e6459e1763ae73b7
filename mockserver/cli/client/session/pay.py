"""`mockserver pay`."""

from __future__ import annotations

import argparse
from typing import Final
from urllib.parse import quote

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_session
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "Pay a checkout session with a test card."
EXAMPLE: Final = "mockserver pay cs_test_... --card 4000000000000002"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("id", metavar="ID", help="The session's id.")
    parser.add_argument("--card", metavar="NUMBER", help="The test card. [default: 4242424242424242]")
    add_client_flags(parser, has_key=False)


def run(arguments: argparse.Namespace) -> int:
    """Send the request, and print the session's new state."""
    answer = ControlClient.of(arguments).post(f"/sessions/{quote(arguments.id, safe='')}/pay", card=arguments.card)
    print_session(answer, as_json=arguments.json)
    return EXIT_OK
