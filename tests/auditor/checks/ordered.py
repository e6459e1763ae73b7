"""Readings of a value that only grows.

Each reading shows the value at one moment of its window. A lower value is read before a higher one; so the readings
contradict each other if one of the lower was requested after one of the higher had been answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from tests.auditor.exchange import Exchange, Window

Value = TypeVar("Value", int, float)


class Reading(NamedTuple, Generic[Value]):
    """A value, the window of its moment, and the exchange that shows it."""

    value: Value
    window: Window
    exchange: Exchange


def falls(readings: Sequence[Reading[Value]], *, tolerance: float = 0) -> Iterator[tuple[Exchange, Exchange]]:
    """Pairs of a higher reading and a later lower one, at most one for each higher value."""
    ordered = sorted(readings, key=lambda reading: reading.value)
    lower, latest = 0, None
    for reading in ordered:
        while ordered[lower].value < reading.value - tolerance:
            if latest is None or ordered[lower].window.sent > latest.window.sent:
                latest = ordered[lower]
            lower += 1
        if latest is not None and reading.window.precedes(latest.window):
            yield reading.exchange, latest.exchange
