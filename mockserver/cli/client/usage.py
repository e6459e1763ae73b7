"""`mockserver usage`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.numbers import parse_credits
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "Consume credits of an account of a running mock, as the use of VideoDB does."
EXAMPLE: Final = "mockserver usage sk-demo 3.5 --category indexing"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", help="Number of credits to consume.")
    parser.add_argument("--category", metavar="NAME", help="Category of the consumption. [default: other]")
    add_client_flags(parser, has_key=False)


def run(arguments: argparse.Namespace) -> int:
    """Consume the credits, and print the balance."""
    credits = parse_credits(arguments.credits)
    answer = ControlClient.of(arguments).post(
        "/usage", key=arguments.account, credits=credits, category=arguments.category
    )
    if arguments.json:
        print_json(answer)
    else:
        usage = answer["usage"]
        print(f"the balance is {usage['credit_balance']} credits; {usage['usage_this_month']} were used this month")
    return EXIT_OK
