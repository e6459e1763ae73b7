"""`mockserver accounts`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.errors import EXIT_OK, UsageError

SUMMARY: Final = "List the accounts of a running mock, or name one."
EXAMPLE: Final = """\
mockserver accounts --search demo
mockserver accounts --key sk-demo --name Demo
mockserver accounts --key sk-demo --no-name"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    names = parser.add_mutually_exclusive_group()
    names.add_argument("--name", metavar="NAME", help="Name to give the account of --key.")
    names.add_argument("--no-name", action="store_true", help="Take the name of the account of --key away.")
    parser.add_argument(
        "--search", metavar="TEXT", help="Part of an id, a name or a hint, or a whole key. [default: any]"
    )
    parser.add_argument("--limit", metavar="N", default="50", help="Maximum number of accounts. [default: 50]")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the accounts, or the one that was named."""
    control = ControlClient.of(arguments)
    if arguments.name is not None or arguments.no_name:
        if arguments.key is None:
            raise UsageError("a name belongs to one account; --key names it")
        answer = control.post_whole("/accounts", {"key": arguments.key, "name": arguments.name})
        accounts = [answer["account"]]
    else:
        answer = control.get("/accounts", key=arguments.key, search=arguments.search, limit=arguments.limit)
        accounts = answer["accounts"]
    if arguments.json:
        print_json(answer)
    else:
        print_table(_HEAD, map(_row, accounts))
    return EXIT_OK


_HEAD: Final = ("ID", "KEY", "NAME", "BALANCE", "SESSIONS", "LAST ACTIVITY")


def _row(account: dict[str, Any]) -> tuple[object, ...]:
    names = ("id", "key_hint", "name", "credit_balance", "sessions", "last_activity")
    return tuple(account[name] for name in names)
