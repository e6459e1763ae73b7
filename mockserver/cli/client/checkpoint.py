"""`mockserver checkpoint`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import loaded_sentence, print_json, print_table
from mockserver.cli.errors import EXIT_OK, EXIT_REFUSED, UsageError
from mockserver.printable import count, escape_line

SUMMARY: Final = "Save, load or compare named states of a running mock."
EXAMPLE: Final = """\
mockserver checkpoint save 'before the purchase' --key sk-demo
mockserver checkpoint diff 'before the purchase'
mockserver checkpoint load 'before the purchase'
mockserver checkpoint list"""

_NAMES: Final[Mapping[str, tuple[int, ...]]] = {
    "list": (0,),
    "save": (1,),
    "load": (1,),
    "diff": (1, 2),
    "delete": (1,),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("action", choices=list(_NAMES), help="The action.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="The checkpoint; diff compares it with another one, or with now."
    )
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do the action, and print what was done. A difference is exit code 1."""
    action, names = arguments.action, arguments.names
    if len(names) not in _NAMES[action]:
        needed = " or ".join(map(str, _NAMES[action]))
        raise UsageError(f"checkpoint {action} takes {needed} name{'s' * (needed != '1')}; {len(names)} were given")
    answer = _ACTIONS[action](ControlClient.of(arguments), arguments.key, *names)
    if arguments.json:
        print_json(answer)
    else:
        _print(action, answer)
    return EXIT_REFUSED if answer.get("differences") else EXIT_OK


def _save(control: ControlClient, key: str | None, name: str) -> Any:
    return control.post("/checkpoints", key=key, name=name)


def _diff(control: ControlClient, key: str | None, before: str, after: str | None = None) -> Any:
    return control.post("/state/diff", key=key, before=before, after=after)


_ACTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "list": lambda control, _: control.get("/checkpoints"),
    "save": _save,
    "load": lambda control, key, name: control.load_checkpoint(name, key=key),
    "diff": _diff,
    "delete": lambda control, _, name: control.delete("/checkpoints", name=name),
}


def _print(action: str, answer: dict[str, Any]) -> None:
    if action == "list":
        names = ("name", "account", "accounts", "sessions", "saved_at")
        rows = [tuple(each[name] for name in names) for each in answer["checkpoints"]]
        print_table(("NAME", "ACCOUNT", "ACCOUNTS", "SESSIONS", "SAVED"), rows)
    elif action == "diff":
        print("\n".join(map(escape_line, answer["differences"])) or "no difference")
    elif action == "delete":
        print(escape_line(f"deleted {answer['deleted']}"))
    elif action == "load":
        print(loaded_sentence(answer))
    else:
        saved = answer["checkpoint"]
        print(escape_line(f"saved {count(saved['accounts'], 'account')} as {saved['name']}"))
