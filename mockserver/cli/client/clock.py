"""`mockserver clock`."""

from __future__ import annotations

import argparse
from typing import Any, Final

from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.output import print_json
from mockserver.cli.parser import EXIT_OK, UsageError

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
    """Add the flags."""
    parser.add_argument(
        "move", nargs="?", choices=["advance", "set", "freeze", "unfreeze", "reset"], help="What to do."
    )
    parser.add_argument("to", nargs="?", metavar="DURATION|TIME", help="How far to advance, or the time to set.")
    configure_client(parser)


def run(arguments: argparse.Namespace) -> int:
    """Move the clock if told to, and print what it shows."""
    face = _face(Control.of(arguments), arguments)
    if arguments.json:
        print_json(face)
    else:
        state = "stands still at" if face["frozen"] else "shows"
        print(f"the clock {state} {face['now']}, {face['offset_seconds']} s ahead of real time")
    return EXIT_OK


def _face(control: Control, arguments: argparse.Namespace) -> dict[str, Any]:
    move, to = arguments.move, arguments.to
    if (move in _MOVES) != (to is not None):
        wanted = "a duration or a time" if move in _MOVES else "nothing more"
        raise UsageError(f"clock {move or ''} takes {wanted}".replace("  ", " "))
    if move in _MOVES:
        found = control.post("/clock", key=arguments.key, **{_MOVES[move]: to})
    elif move in _FREEZES:
        found = control.post("/clock", key=arguments.key, frozen=_FREEZES[move])
    elif move == "reset":
        found = control.delete("/clock", key=arguments.key)
    else:
        found = control.get("/clock", key=arguments.key)
    face: dict[str, Any] = found
    return face
