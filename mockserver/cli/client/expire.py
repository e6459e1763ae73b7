"""`mockserver expire`."""

from __future__ import annotations

import argparse
from typing import Final
from urllib.parse import quote

from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.one_session import print_session
from mockserver.cli.parser import EXIT_OK

SUMMARY: Final = "End a checkout session before its time."
EXAMPLE: Final = "mockserver expire cs_test_..."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("id", metavar="ID", help="The session's id.")
    configure_client(parser, key=None)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and print what became of the session."""
    answer = Control.of(arguments).post(f"/sessions/{quote(arguments.id, safe='')}/expire")
    print_session(answer, as_json=arguments.json)
    return EXIT_OK
