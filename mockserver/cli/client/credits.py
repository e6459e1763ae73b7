"""`mockserver credits`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.numbers import parse_credits
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "Add credits to an account of a running mock."
EXAMPLE: Final = "mockserver credits sk-demo 100"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", help="Number of credits to add.")
    add_client_flags(parser, has_key=False)


def run(arguments: argparse.Namespace) -> int:
    """Add the credits, and print the balance."""
    usage = ControlClient.of(arguments).post(
        "/credits", key=arguments.account, credits=parse_credits(arguments.credits)
    )
    if arguments.json:
        print_json(usage)
    else:
        print(f"the balance is {usage['usage']['credit_balance']} credits")
    return EXIT_OK
