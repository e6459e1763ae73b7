"""`mockserver requests`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.errors import EXIT_OK

SUMMARY: Final = "List the latest requests to a running mock, newest first."
EXAMPLE: Final = "mockserver requests --limit 5 --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--limit", metavar="N", default="50", help="Maximum number of requests. [default: 50]")
    parser.add_argument("--method", metavar="METHOD", help="Method of the requests. [default: any]")
    parser.add_argument("--path", metavar="PATH", help="Path of the requests; * matches any text. [default: any]")
    parser.add_argument("--status", metavar="N", help="Status of the answers, such as 402. [default: any]")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the requests."""
    answer = ControlClient.of(arguments).get(
        "/requests",
        key=arguments.key,
        limit=arguments.limit,
        method=arguments.method,
        path=arguments.path,
        status=arguments.status,
    )
    if arguments.json:
        print_json(answer)
        return EXIT_OK
    print_table(
        ("AT", "METHOD", "PATH", "STATUS", "MS", "ACCOUNT", "CONTRACT"),
        (
            (
                exchange["at"],
                exchange["method"],
                exchange["path"],
                exchange["status"],
                exchange["duration_ms"],
                exchange["account"],
                _verdict(exchange["contract"]),
            )
            for exchange in answer["requests"]
        ),
    )
    return EXIT_OK


def _verdict(contract: dict[str, list[Any]]) -> str:
    broken = [side for side, faults in contract.items() if faults]
    return f"{' and '.join(broken)} broke it" if broken else "kept"
