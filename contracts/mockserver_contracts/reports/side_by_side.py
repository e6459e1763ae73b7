"""Two answers to the same request as lines, those that only one of them has marked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from mockserver_contracts.exchange import Response
from mockserver_contracts.reports.text import body_text, cut, printable

_MOST: Final = 4_000
_MOST_LINES: Final = 120
# How long the way was and when it was is no difference that anybody looks for.
_HIDDEN: Final = frozenset({"date", "server", "content-length", "connection", "keep-alive"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer, and whether the other answer has it not."""

    text: str
    is_different: bool


def side_by_side(mock: Response | None, target: Response | None) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of both answers."""
    here, there = _lines(mock), _lines(target)
    same_here: set[int] = set()
    same_there: set[int] = set()
    # Whether a member is the last of its object is no difference.
    bare_here, bare_there = ([line.rstrip(",") for line in lines] for lines in (here, there))
    for block in SequenceMatcher(None, bare_here, bare_there, autojunk=False).get_matching_blocks():
        same_here.update(range(block.a, block.a + block.size))
        same_there.update(range(block.b, block.b + block.size))
    return tuple(_marked(here, same_here)), tuple(_marked(there, same_there))


def _marked(lines: Sequence[str], same: set[int]) -> Iterator[Line]:
    for place, text in enumerate(lines):
        yield Line(text, place not in same and bool(text))


def _lines(response: Response | None) -> list[str]:
    if response is None:
        return ["no whole answer"]
    headers = sorted(
        f"{printable(name.lower())}: {printable(value)}"
        for name, value in response.headers.items()
        if name.lower() not in _HIDDEN
    )
    try:
        body = json.dumps(json.loads(response.body), indent=2, ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        body = body_text(response.body) if response.body else "(empty body)"
    return [str(response.status), *headers, "", *cut(body, _MOST).splitlines()][:_MOST_LINES]
