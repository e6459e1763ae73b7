"""Print the answers of the control API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mockserver.printable import count, escape_line, json_lines


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json_lines(value))


def loaded_sentence(answer: dict[str, Any]) -> str:
    """The sentence for a state that was loaded."""
    accounts, sessions = count(answer["accounts"], "account"), count(answer["sessions"], "session")
    return f"loaded {answer['loaded']}: {accounts}, {sessions}; the journal of what was there before is deleted"


def print_session(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print the new state of one session."""
    if as_json:
        print_json(answer)
        return
    session = answer["session"]
    print(f"{session['id']} is {session['status']}")
    if answer.get("redirect_url"):
        print(f"the buyer goes to {escape_line(answer['redirect_url'])}")


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a head and rows in columns of the needed width."""
    texts = [head, *(["-" if cell is None else escape_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
