"""`mockserver clock`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import print_json
from mockserver.cli.errors import EXIT_OK, UsageError

SUMMARY: Final = "Show or move the clock of a running mock."
EXAMPLE: Final = """\
mockserver clock
mockserver clock advance 24h --key sk-demo
mockserver clock set 2030-01-01T00:00:00Z
mockserver clock freeze
mockserver clock reset"""

_MOVES: Final = {"advance": "advance", "set": "now"}
_FREEZES: Final = {"freeze": True, "unfreeze": False}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "move",
        nargs="?",
        choices=["advance", "set", "freeze", "unfreeze", "reset"],
        help="The change. [default: show the clock]",
    )
    parser.add_argument("to", nargs="?", metavar="DURATION|TIME", help="Duration for advance, or time for set.")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Move the clock if a change is given, and print its state."""
    face = _send(ControlClient.of(arguments), arguments)
    if arguments.json:
        print_json(face)
    else:
        state = "is frozen at" if face["frozen"] else "shows"
        print(f"the clock {state} {face['now']}, {_distance(face['offset_seconds'])} real time")
    return EXIT_OK


def _distance(seconds: float) -> str:
    return f"{abs(seconds)} s {'behind' if seconds < 0 else 'ahead of'}"


def _send(control: ControlClient, arguments: argparse.Namespace) -> dict[str, Any]:
    move, to = arguments.move, arguments.to
    if (move in _MOVES) != (to is not None):
        needed = "needs a duration or a time" if move in _MOVES else "takes no duration or time"
        raise UsageError(f"clock {move or ''} {needed}".replace("  ", " "))
    if move in _MOVES:
        answer = control.post("/clock", key=arguments.key, **{_MOVES[move]: to})
    elif move in _FREEZES:
        answer = control.post("/clock", key=arguments.key, frozen=_FREEZES[move])
    elif move == "reset":
        answer = control.delete("/clock", key=arguments.key)
    else:
        answer = control.get("/clock", key=arguments.key)
    face: dict[str, Any] = answer
    return face
