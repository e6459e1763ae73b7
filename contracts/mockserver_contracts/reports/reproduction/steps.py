"""The steps of a finding of state, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from mockserver_contracts.exchange import Exchange, Turn
from mockserver_contracts.reports.text import decode_body, truncate
from mockserver_contracts.results.captures import find_captures

_LENGTH: Final = 120


def step_lines(steps: Sequence[Turn]) -> list[str]:
    """A line for each step: its request, its status, and how many times it was sent.

    An id that an earlier answer named is shown as in the finding's script: `{id_1}`.
    """
    names = {capture.value: f"{{{capture.name}}}" for capture in find_captures(steps)}
    lines = (_with_names(text, names) for text in _texts(steps))
    return [_line(line, repeats) for line, repeats in groupby(lines)]


def _with_names(text: str, names: Mapping[str, str]) -> str:
    for value, name in names.items():
        text = text.replace(value, name)
    return text


def _texts(steps: Sequence[Turn]) -> Iterator[str]:
    for turn in steps:
        at_once = f" ({len(turn)} at the same time)" if len(turn) > 1 else ""
        statuses = ", ".join(dict.fromkeys(str(exchange.status) for exchange in turn))
        yield f"{_request(turn[0])} -> {statuses}{at_once}"


def _request(exchange: Exchange) -> str:
    request = exchange.request
    path = "/" + request.url.partition("://")[2].partition("/")[2]
    body = f" {truncate(decode_body(request.body), _LENGTH)}" if request.body else ""
    return f"{request.method} {path}{body}"


def _line(line: str, repeats: Iterator[str]) -> str:
    times = sum(1 for _ in repeats)
    return f"{line} ({times} times)" if times > 1 else line
