"""A line diff of the mock's and the target's response to the same request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from mockserver.printable import escape_line
from mockserver_contracts.exchange import Response
from mockserver_contracts.reports.text import decode_body, truncate

_BODY_LENGTH: Final = 4_000
_MAX_LINES: Final = 120
# Differences in transport and time are no news.
_IGNORED_HEADERS: Final = frozenset({"date", "server", "content-length", "connection", "keep-alive"})


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a response; `is_different` if the other response lacks it."""

    text: str
    is_different: bool


def diff_responses(mock: Response | None, target: Response | None) -> tuple[tuple[DiffLine, ...], tuple[DiffLine, ...]]:
    """The lines of the mock's response and those of the target's."""
    mock_lines, target_lines = _lines(mock), _lines(target)
    same_in_mock: set[int] = set()
    same_in_target: set[int] = set()
    # A comma after a JSON member is no difference.
    bare_mock, bare_target = ([line.rstrip(",") for line in lines] for lines in (mock_lines, target_lines))
    for block in SequenceMatcher(None, bare_mock, bare_target, autojunk=False).get_matching_blocks():
        same_in_mock.update(range(block.a, block.a + block.size))
        same_in_target.update(range(block.b, block.b + block.size))
    return tuple(_diff_lines(mock_lines, same_in_mock)), tuple(_diff_lines(target_lines, same_in_target))


def _diff_lines(lines: Sequence[str], same: set[int]) -> Iterator[DiffLine]:
    for place, text in enumerate(lines):
        yield DiffLine(text, place not in same and bool(text))


def _lines(response: Response | None) -> list[str]:
    if response is None:
        return ["no whole answer"]
    headers = sorted(
        f"{escape_line(name.lower())}: {escape_line(value)}"
        for name, value in response.headers.items()
        if name.lower() not in _IGNORED_HEADERS
    )
    try:
        body = json.dumps(json.loads(response.body), indent=2, ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        body = decode_body(response.body) if response.body else "(empty body)"
    return [str(response.status), *headers, "", *truncate(body, _BODY_LENGTH).splitlines()][:_MAX_LINES]
