"""`mockserver fault`."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.numbers import parse_number
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.errors import EXIT_OK, UsageError

SUMMARY: Final = "Plan, list or delete faults of a running mock."
EXAMPLE: Final = """\
mockserver fault plan reset --path /billing/checkout
mockserver fault plan --status 503 --header 'Retry-After: 2' --times 2 --key sk-demo
mockserver fault plan --status 502 --header 'Content-Type: text/html' --body '<h1>Bad Gateway</h1>'
mockserver fault plan --delay 3s --probability 0.5
mockserver fault list
mockserver fault forget fault_..."""

FAULT_KINDS: Final = ("reset", "truncate", "malformed", "empty")
_ALWAYS: Final = "always"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("action", choices=["plan", "list", "forget"], help="The action.")
    parser.add_argument(
        "kind_or_id", nargs="?", metavar="KIND|ID", help=f"For plan: {', '.join(FAULT_KINDS)}. For forget: the id."
    )
    parser.add_argument("--status", metavar="N", help="Status of an answer in place of the mock's own.")
    parser.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="Header of that answer; may be repeated."
    )
    parser.add_argument(
        "--body", metavar="TEXT", help="Body of that answer: JSON, or plain text with another Content-Type."
    )
    parser.add_argument("--delay", metavar="DURATION", help="Delay of the answer, such as 3s. [default: none]")
    parser.add_argument("--method", metavar="METHOD", help="Method of the requests. [default: any]")
    parser.add_argument("--path", metavar="PATH", help="Path of the requests; * matches any text. [default: any]")
    parser.add_argument("--times", metavar="N", help="Number of requests, or always. [default: 1]")
    parser.add_argument("--probability", metavar="P", help="Probability from 0 to 1. [default: 1]")
    parser.add_argument("--seed", metavar="N", help="Seed of the probability. [default: 0]")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Plan, list or delete faults, and print them."""
    control = ControlClient.of(arguments)
    if arguments.action == "plan":
        answer = control.post_whole("/faults", _plan(arguments))
        faults = [answer["fault"]]
    elif arguments.action == "forget":
        answer = control.delete("/faults", id=arguments.kind_or_id, key=arguments.key)
        faults = answer["faults"]
    else:
        answer = control.get("/faults", id=arguments.kind_or_id, key=arguments.key)
        faults = answer["faults"]
    if arguments.json:
        print_json(answer)
        return EXIT_OK
    print_table(("ID", "THEN", "DELAY", "METHOD", "PATH", "KEY", "STRUCK", "REMAINING"), map(_row, faults))
    return EXIT_OK


def _plan(arguments: argparse.Namespace) -> dict[str, Any]:
    plan: dict[str, Any] = {
        "match": {
            name: getattr(arguments, name) for name in ("method", "path", "key") if getattr(arguments, name) is not None
        },
        "delay": arguments.delay,
        "probability": parse_number(arguments.probability, "--probability"),
        "seed": parse_number(arguments.seed, "--seed"),
        "then": _then(arguments),
    }
    given = {name: value for name, value in plan.items() if value is not None}
    if arguments.times is not None:
        given["times"] = None if arguments.times == _ALWAYS else parse_number(arguments.times, "--times")
    return given


def _then(arguments: argparse.Namespace) -> Any:
    replaces_answer = arguments.status is not None or bool(arguments.header) or arguments.body is not None
    if arguments.kind_or_id is not None:
        if arguments.kind_or_id not in FAULT_KINDS:
            status = f"--status {arguments.kind_or_id}" if arguments.kind_or_id.isdecimal() else "--status"
            raise UsageError(
                f"KIND is {arguments.kind_or_id!r}; one of {', '.join(FAULT_KINDS)}, or {status}, is needed"
            )
        if replaces_answer:
            raise UsageError(f"{arguments.kind_or_id} excludes --status, --header and --body")
        return arguments.kind_or_id
    if not replaces_answer:
        return None
    if arguments.status is None:
        raise UsageError("--header and --body need --status, the status of the answer")
    headers = dict(map(_header, arguments.header))
    then: dict[str, Any] = {"status": parse_number(arguments.status, "--status"), "headers": headers}
    if arguments.body is not None:
        then["body"] = _body(arguments.body, headers)
    return then


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise UsageError(f"--header is {text!r}; 'NAME: VALUE' is needed")
    return name.strip(), value.strip()


def _body(text: str, headers: dict[str, str]) -> Any:
    media_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "application/json")
    if "json" not in media_type:
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise UsageError(
            f"--body is {text!r:.80}, which is not JSON; to send text, give its Content-Type with --header"
        ) from None


def _row(fault: dict[str, Any]) -> tuple[object, ...]:
    then, match = fault["then"], fault["match"]
    remaining = "always" if fault["remaining"] is None else fault["remaining"]
    return (
        fault["id"],
        then["status"] if isinstance(then, dict) else then or "-",
        f"{fault['delay']:g} s",
        match.get("method", "any"),
        match.get("path", "any"),
        match.get("key", "any"),
        fault["struck"],
        remaining,
    )
