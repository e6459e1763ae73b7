"""`mockserver requests`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.errors import EXIT_OK, UsageError
from mockserver.printable import count, escape_line
from mockserver.whole_file import write_whole

SUMMARY: Final = "List the latest requests to a running mock, newest first, or export them."
EXAMPLE: Final = """\
mockserver requests --limit 5 --json
mockserver requests --violations
mockserver requests --operation 'POST /billing/checkout' --har checkouts.har"""

_FIELDS: Final = ("key", "limit", "method", "path", "status", "operation", "before")
_KINDS: Final = {
    "violations": "with violations of the contract",
    "faults": "that a planned fault struck",
    "notes": "with notes, as on a misspelt member",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--limit", metavar="N", help="Maximum number of requests. [default: 50; with --har, all]")
    parser.add_argument("--method", metavar="METHOD", help="Method of the requests. [default: any]")
    parser.add_argument("--path", metavar="PATH", help="Path of the requests; * matches any text. [default: any]")
    parser.add_argument("--status", metavar="N", help="Status of the answers, such as 402. [default: any]")
    parser.add_argument("--operation", metavar="NAME", help="Operation, as in 'GET /billing/usage'. [default: any]")
    for name, kind in _KINDS.items():
        parser.add_argument(
            f"--{name}", action=argparse.BooleanOptionalAction, help=f"The requests {kind}, or the others."
        )
    parser.add_argument("--before", metavar="ID", help="Requests before the exchange with this id.")
    parser.add_argument("--har", metavar="FILE", type=Path, help="Write an HTTP archive, and print no list.")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the requests, or write them to a file."""
    client, query = ControlClient.of(arguments), _query(arguments)
    if arguments.har is not None:
        _export(client.get("/requests.har", **query), arguments.har, as_json=arguments.json)
        return EXIT_OK
    answer = client.get("/requests", **query)
    if arguments.json:
        print_json(answer)
    else:
        _print_exchanges(answer["requests"])
    return EXIT_OK


def _query(arguments: argparse.Namespace) -> dict[str, str | None]:
    kinds = {name: getattr(arguments, name) for name in _KINDS}
    asked = {name: str(wanted).lower() for name, wanted in kinds.items() if wanted is not None}
    return {name: getattr(arguments, name) for name in _FIELDS} | asked


def _export(archive: dict[str, Any], file: Path, *, as_json: bool) -> None:
    """Write an archive. Raises UsageError."""
    try:
        write_whole(file, json.dumps(archive, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror})") from None
    number = len(archive["log"]["entries"])
    if as_json:
        print_json({"saved": str(file), "requests": number})
    else:
        print(escape_line(f"saved {count(number, 'request')} to {file}"))


def _print_exchanges(exchanges: list[dict[str, Any]]) -> None:
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
                _verdict(exchange["contract"], fault=exchange["fault"]),
            )
            for exchange in exchanges
        ),
    )


def _verdict(contract: dict[str, list[Any]], *, fault: str | None) -> str:
    broken = [side for side, faults in contract.items() if faults]
    verdict = f"{' and '.join(broken)} broke it" if broken else "kept"
    return f"{verdict} (planned fault)" if fault else verdict
