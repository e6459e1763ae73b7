"""`mockserver reset`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "Delete the data of an account of a running mock, or of all."
EXAMPLE: Final = "mockserver reset --key sk-demo"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reset, and print the account or `everything`."""
    answer = ControlClient.of(arguments).post("/reset", key=arguments.key)
    if arguments.json:
        print_json(answer)
    else:
        print(f"reset: {answer['reset']}")
    return EXIT_OK
