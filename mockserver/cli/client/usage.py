"""`mockserver usage`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.amount import number_of_credits
from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.output import print_json
from mockserver.cli.parser import EXIT_OK

SUMMARY: Final = "Consume credits of an account of a running mock, as using VideoDB does."
EXAMPLE: Final = "mockserver usage sk-demo 3.5 --category indexing"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", help="How many credits to consume.")
    parser.add_argument("--category", metavar="NAME", help="What they are for. [default: other]")
    configure_client(parser, key=None)


def run(arguments: argparse.Namespace) -> int:
    """Consume the credits, and print what is left."""
    credits = number_of_credits(arguments.credits)
    answer = Control.of(arguments).post("/usage", key=arguments.account, credits=credits, category=arguments.category)
    if arguments.json:
        print_json(answer)
    else:
        usage = answer["usage"]
        print(f"the balance is {usage['credit_balance']} credits; {usage['usage_this_month']} were used this month")
    return EXIT_OK
