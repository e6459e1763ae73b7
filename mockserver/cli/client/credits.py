"""`mockserver credits`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.amount import number_of_credits
from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.output import print_json
from mockserver.cli.parser import EXIT_OK

SUMMARY: Final = "Put credits on an account of a running mock."
EXAMPLE: Final = "mockserver credits sk-demo 100"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", help="How many credits to add.")
    configure_client(parser, key=None)


def run(arguments: argparse.Namespace) -> int:
    """Give the credits, and print the balance."""
    usage = Control.of(arguments).post("/credits", key=arguments.account, credits=number_of_credits(arguments.credits))
    if arguments.json:
        print_json(usage)
    else:
        print(f"the balance is {usage['usage']['credit_balance']} credits")
    return EXIT_OK
