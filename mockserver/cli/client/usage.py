"""`mockserver usage`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.numbers import parse_credits, parse_number
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK, UsageError

SUMMARY: Final = "Consume credits or units of a resource, as the use of VideoDB does."
EXAMPLE: Final = "mockserver usage sk-demo --resource transcription --units 120"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("account", metavar="KEY", help="API key or account id.")
    parser.add_argument("credits", metavar="N", nargs="?", help="Number of credits to consume.")
    parser.add_argument("--category", metavar="NAME", help="Category of the consumption. [default: other]")
    parser.add_argument("--resource", metavar="NAME", help="Resource to consume, in place of N credits.")
    parser.add_argument("--units", metavar="UNITS", help="Units of the resource; the mock's price card prices them.")
    add_client_flags(parser, has_key=False)


def run(arguments: argparse.Namespace) -> int:
    """Consume, and print the balance."""
    answer = ControlClient.of(arguments).post("/usage", key=arguments.account, **_consumption(arguments))
    if arguments.json:
        print_json(answer)
    else:
        usage = answer["usage"]
        print(f"the balance is {usage['credit_balance']} credits; {usage['usage_this_month']} were used this month")
    return EXIT_OK


def _consumption(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.resource is None and arguments.units is None and arguments.credits is not None:
        return {"credits": parse_credits(arguments.credits), "category": arguments.category}
    if None in (arguments.resource, arguments.units) or (arguments.credits, arguments.category) != (None, None):
        raise UsageError("give N credits and, if wanted, --category; or give --resource and --units")
    return {"resource": arguments.resource, "units": parse_number(arguments.units, "--units")}
