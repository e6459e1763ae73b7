"""`mockserver credits`."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from typing import Final

from mockserver.cli.client.control import Control, configure_client
from mockserver.cli.client.table import print_json
from mockserver.cli.command import EXIT_OK, UsageError

SUMMARY: Final = "Put credits on an account of a running mock."
EXAMPLE: Final = "mockserver credits sk-demo 100"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", help="How many credits to add.")
    configure_client(parser, key=None)


def run(arguments: argparse.Namespace) -> int:
    """Give the credits, and print the balance."""
    usage = Control.of(arguments).post("/credits", key=arguments.account, credits=_number(arguments.credits))
    if arguments.json:
        print_json(usage)
    else:
        print(f"the balance is {usage['usage']['credit_balance']} credits")
    return EXIT_OK


def _number(text: str) -> int | float:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(f"N is {text!r}; a number of credits is needed, such as 100 or 2.5")
    return int(number) if number == int(number) else float(number)
