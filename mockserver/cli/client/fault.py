"""`mockserver fault`."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from math import isfinite
from typing import Any, Final

from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.output import print_json, print_table
from mockserver.cli.parser import EXIT_OK, UsageError

SUMMARY: Final = "Plan, list or forget faults of a running mock."
EXAMPLE: Final = """\
mockserver fault plan reset --path /billing/checkout
mockserver fault plan --status 503 --header 'Retry-After: 2' --times 2 --key sk-demo
mockserver fault plan --status 502 --header 'Content-Type: text/html' --body '<h1>Bad Gateway</h1>'
mockserver fault plan --delay 3s --probability 0.5
mockserver fault list
mockserver fault forget fault_..."""

SPOILS: Final = ("reset", "truncate", "malformed", "empty")
_ALWAYS: Final = "always"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("do", choices=["plan", "list", "forget"], help="What to do.")
    parser.add_argument("what", nargs="?", metavar="WHAT|ID", help=f"To plan: {', '.join(SPOILS)}. To forget: the id.")
    parser.add_argument("--status", metavar="N", help="Answer with this status in place of the mock's own answer.")
    parser.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="A header of that answer; repeatable."
    )
    parser.add_argument("--body", metavar="TEXT", help="Its body: JSON, or with another Content-Type text as it is.")
    parser.add_argument("--delay", metavar="DURATION", help="Hold the answer up, such as 3s. [default: not at all]")
    parser.add_argument("--method", metavar="METHOD", help="Only requests of this method. [default: any]")
    parser.add_argument("--path", metavar="PATH", help="Only this path; * stands for anything. [default: any]")
    parser.add_argument("--times", metavar="N", help="How often, or always. [default: 1]")
    parser.add_argument("--probability", metavar="P", help="By what chance, from 0 to 1. [default: 1]")
    parser.add_argument("--seed", metavar="N", help="What chance is drawn from. [default: 0]")
    configure_client(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and print the faults that it is about."""
    control = Control.of(arguments)
    if arguments.do == "plan":
        answer = control.post_whole("/faults", _plan(arguments))
        faults = [answer["fault"]]
    elif arguments.do == "forget":
        answer = control.delete("/faults", id=arguments.what, key=arguments.key)
        faults = answer["faults"]
    else:
        answer = control.get("/faults", id=arguments.what, key=arguments.key)
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
        "probability": _number(arguments.probability, "--probability"),
        "seed": _number(arguments.seed, "--seed"),
        "then": _then(arguments),
    }
    given = {name: value for name, value in plan.items() if value is not None}
    if arguments.times is not None:
        given["times"] = None if arguments.times == _ALWAYS else _number(arguments.times, "--times")
    return given


def _then(arguments: argparse.Namespace) -> Any:
    has_answer = arguments.status is not None or bool(arguments.header) or arguments.body is not None
    if arguments.what is not None:
        if arguments.what not in SPOILS:
            raise UsageError(f"WHAT is {arguments.what!r}; one of {', '.join(SPOILS)}, or --status, is needed")
        if has_answer:
            raise UsageError(f"{arguments.what} leaves no room for --status, --header and --body")
        return arguments.what
    if not has_answer:
        return None
    if arguments.status is None:
        raise UsageError("--header and --body belong to an answer; --status says which")
    headers = dict(map(_header, arguments.header))
    then: dict[str, Any] = {"status": _number(arguments.status, "--status"), "headers": headers}
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
        raise UsageError(f"--body is {text!r:.80}, no JSON; name its Content-Type with --header to send text") from None


def _number(text: str | None, flag: str) -> int | float | None:
    if text is None:
        return None
    with suppress(ValueError):
        return int(text)
    with suppress(ValueError):
        if isfinite(number := float(text)):
            return number
    raise UsageError(f"{flag} is {text!r}; a number is needed")


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
