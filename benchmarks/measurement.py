"""Measurements of one round, and their medians over all rounds.

Rule 1: a ratio is of two measurements of one round, so of one moment. The median is of such ratios.
Rule 2: a spread is the lowest and the highest of the rounds.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadMeasurement:
    """A load of a few seconds. The processor time is of one request."""

    per_second: float
    p99_seconds: float
    processor_seconds: float | None


@dataclass(frozen=True, slots=True)
class StartMeasurement:
    """A cold start, up to the first answer."""

    seconds: float
    processor_seconds: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some numbers, the lowest and the highest."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """The spread of at least one number."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number of all rounds, and its ratio to the baseline of the same round."""

    unit: str
    value: Spread
    ratio: Spread

    @classmethod
    def of(cls, unit: str, numbers: Sequence[float | None], baseline: Sequence[float | None]) -> Figure | None:
        """The figure of a number per round; None if a number is missing."""
        pairs = [(own, base) for own, base in zip(numbers, baseline, strict=True) if own is not None and base]
        if len(pairs) < len(numbers):
            return None
        return cls(unit, Spread.of([own for own, _ in pairs]), Spread.of([own / base for own, base in pairs]))


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of a server with a workload, or of its start."""

    name: str
    processor: Figure | None
    speed: Figure | None
    p99: Figure | None


def load_row(name: str, own: Sequence[LoadMeasurement], base: Sequence[LoadMeasurement]) -> Row:
    """The figures of the loads of all rounds."""

    def figure(unit: str, number: Callable[[LoadMeasurement], float | None]) -> Figure | None:
        return Figure.of(unit, [number(load) for load in own], [number(load) for load in base])

    return Row(
        name,
        processor=figure("us", lambda load: _scaled(load.processor_seconds, 1e6)),
        speed=figure("requests/s", lambda load: load.per_second),
        p99=figure("ms", lambda load: load.p99_seconds * 1e3),
    )


def start_row(name: str, own: Sequence[StartMeasurement], base: Sequence[StartMeasurement]) -> Row:
    """The figures of all starts."""

    def figure(number: Callable[[StartMeasurement], float | None]) -> Figure | None:
        return Figure.of("ms", [number(start) for start in own], [number(start) for start in base])

    return Row(
        name,
        processor=figure(lambda start: _scaled(start.processor_seconds, 1e3)),
        speed=figure(lambda start: start.seconds * 1e3),
        p99=None,
    )


def _scaled(number: float | None, factor: float) -> float | None:
    return None if number is None else number * factor
