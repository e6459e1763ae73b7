"""`mockserver create`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.numbers import parse_number
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK
from mockserver.printable import escape_line

SUMMARY: Final = "Create a checkout session of a running mock."
EXAMPLE: Final = "mockserver create --amount 50 --open"
DEFAULT_KEY: Final = "sk-demo"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--amount", metavar="DOLLARS", help="Amount of a payment. [default: 50]")
    parser.add_argument("--plan", metavar="NAME", help="Plan of a subscription, in place of a payment.")
    parser.add_argument("--success-url", metavar="URL", help="Address for a buyer who has paid. [default: none]")
    parser.add_argument("--cancel-url", metavar="URL", help="Address for a buyer who turns back. [default: none]")
    parser.add_argument("--open", action="store_true", help="Open the checkout page in a browser.")
    add_client_flags(parser, has_key=False)
    parser.add_argument("--key", metavar="KEY", default=DEFAULT_KEY, help=f"API key. [default: {DEFAULT_KEY}]")


def run(arguments: argparse.Namespace) -> int:
    """Send the order, and print the session's id and URL."""
    control = ControlClient.of(arguments)
    control.order(arguments.key, _order(arguments))
    [session] = control.get("/sessions", key=arguments.key, limit=1)["sessions"]
    if arguments.json:
        print_json({"session": session})
    else:
        print(f"{session['id']} is {session['status']}")
        print(f"the buyer pays at {escape_line(session['url'])}")
    if arguments.open:
        import webbrowser  # few calls open a browser

        webbrowser.open(session["url"])
    return EXIT_OK


def _order(arguments: argparse.Namespace) -> dict[str, Any]:
    given = {"success_url": arguments.success_url, "cancel_url": arguments.cancel_url}
    if arguments.plan is not None:
        given |= {"mode": "subscription", "plan_id": arguments.plan}
    if arguments.amount is not None or arguments.plan is None:
        given["amount"] = 50 if arguments.amount is None else parse_number(arguments.amount, "--amount")
    return {name: value for name, value in given.items() if value is not None}
