"""The values that later requests of a script take from earlier answers: ids of sessions, above all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mockserver_contracts.exchange import Request, Turn

# A shorter text may stand somewhere else by chance.
_SHORTEST: Final = 8
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Capture:
    """A text in an answer that a later request repeats."""

    # The number of the turn, and of the answer in it.
    turn: int
    answer: int
    # The names and indexes that lead to the text in the JSON body.
    path: _Path
    value: str
    # The variable that holds it.
    name: str


def find_captures(steps: Sequence[Turn]) -> tuple[Capture, ...]:
    """The captures of the steps; a value is captured where it appears first."""
    found: dict[str, Capture] = {}
    requests = ["\n".join(_text_of(each.request) for each in turn) for turn in steps]

    # Pages of a list show the same texts again and again.
    @cache
    def first_sent(value: str) -> int:
        return next((number for number, text in enumerate(requests) if value in text), 0)

    for number, turn in enumerate(steps):
        for place, exchange in enumerate(turn):
            for path, value in _texts(exchange.json, ()):
                if value not in found and first_sent(value) > number:
                    found[value] = Capture(number, place, path, value, f"{_noun(path)}_{len(found) + 1}")
    return tuple(found.values())


def _texts(value: Any, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, (*path, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _texts(member, (*path, index))
    elif isinstance(value, str) and len(value) >= _SHORTEST:
        yield path, value


def _text_of(request: Request) -> str:
    return f"{request.url}\n{request.body.decode('latin-1')}\n{json.dumps(dict(request.headers))}"


def _noun(path: _Path) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return name if name.isidentifier() and name.isascii() else "value"
