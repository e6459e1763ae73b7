"""Numbers within bounds, the plainest first."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from mockserver.contract.mocking.sample.known_values import KnownValues
from mockserver.contract.mocking.sample.natural import values_by_name

MAX_CANDIDATES: Final = 16
MAX_STEPS: Final = 1_000
MAX_FURTHER: Final = 10_000
"""The last resort: so many steps from the first number, for lists of different items."""
MAX_POWER: Final = 5
"""The candidates far from the first one lie at the powers of ten below this one."""


@dataclass
class NumberBounds:
    """The bounds of a number; an `open` bound is excluded."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    steps: list[Fraction] = field(default_factory=list)
    range: tuple[int, int] | None = None
    """The range of the number's format. Its ends are not preferred values."""

    def at_least(self, low: Fraction, *, is_open: bool) -> None:
        """Narrow the range from below."""
        if self.low is None or low > self.low:
            self.low, self.low_open = low, is_open
        elif low == self.low:
            self.low_open = self.low_open or is_open

    def at_most(self, high: Fraction, *, is_open: bool) -> None:
        """Narrow the range from above."""
        if self.high is None or high < self.high:
            self.high, self.high_open = high, is_open
        elif high == self.high:
            self.high_open = self.high_open or is_open

    def contain(self, number: Fraction) -> bool:
        """The number lies within the bounds and is a multiple of every step."""
        if self.low is not None and (number < self.low or (self.low_open and number == self.low)):
            return False
        if self.high is not None and (number > self.high or (self.high_open and number == self.high)):
            return False
        if self.range is not None and not self.range[0] <= number <= self.range[1]:
            return False
        return all(number % step == 0 for step in self.steps)


def exact(number: float) -> Fraction:
    """The decimal number of a document: 0.1 is exactly a tenth."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def known_numbers(bounds: NumberBounds, name: str, *, whole: bool) -> KnownValues[int | float]:
    """The numbers within the bounds, for a member of that name, from plain to odd; made once."""
    key = (bounds.low, bounds.high, bounds.low_open, bounds.high_open, tuple(bounds.steps), bounds.range)
    return _known_numbers(key, name, whole)


@lru_cache(maxsize=256)
def _known_numbers(key: Any, name: str, whole: bool) -> KnownValues[int | float]:
    low, high, low_open, high_open, steps, of_format = key
    bounds = NumberBounds(low, high, low_open, high_open, list(steps), of_format)
    return KnownValues(chain(_natural_numbers(bounds, name, whole=whole), numbers_within(bounds, whole=whole)))


def _natural_numbers(bounds: NumberBounds, name: str, *, whole: bool) -> Iterator[int | float]:
    for value in values_by_name(name):
        if isinstance(value, str) or (whole and isinstance(value, float)):
            continue
        if bounds.contain(exact(value)):
            yield value


def numbers_within(bounds: NumberBounds, *, whole: bool, rng: random.Random | None = None) -> Iterator[int | float]:
    """Numbers within the bounds, from plain to odd."""
    step = _common_multiple(bounds.steps + ([Fraction(1)] if whole else []))
    seen: set[Fraction] = set()
    for number in _candidates(bounds, step, rng):
        if number not in seen and bounds.contain(number) and not (whole and number.denominator != 1):
            seen.add(number)
            yield _json(number)


def _candidates(bounds: NumberBounds, step: Fraction | None, rng: random.Random | None) -> Iterator[Fraction]:
    unit = step or Fraction(1)
    low, high = bounds.low, bounds.high
    first = unit
    if low is not None:
        first = math.ceil(low / unit) * unit if step else low
    elif high is not None and not bounds.contain(unit):
        first = math.floor(high / unit) * unit if step else high
    if rng is not None:
        # a given bound is one end of a thousand steps; without a bound the steps lie around zero
        around = max(first, Fraction(0)) if low is None and high is None else first
        for _ in range(MAX_CANDIDATES):
            away = rng.randint(0, MAX_STEPS) * unit
            if not step:
                away += Fraction(rng.randrange(100), 100)
            yield around - away if low is None and high is not None else around + away
            if low is not None and high is not None:
                between = low + (high - low) * Fraction(rng.randrange(101), 100)
                yield math.ceil(between / unit) * unit if step else between
    yield first
    if not step:
        yield first + Fraction(1, 2)
    for index in range(1, MAX_CANDIDATES):
        yield first + index * unit
        yield first - index * unit
    for power in range(2, MAX_POWER):
        for away in (10**power + 1, 10**power):
            yield first + away * unit
            yield first - away * unit
    if not step and low is not None and high is not None:
        for parts in range(2, MAX_CANDIDATES):
            yield low + (high - low) / parts
    if not step:
        for end, sign in ((low, 1), (high, -1)):
            for power in range(1, MAX_CANDIDATES):
                if end is not None:
                    yield end + sign * Fraction(1, 2**power)
    yield from _further(bounds, first, unit)


def _further(bounds: NumberBounds, first: Fraction, unit: Fraction) -> Iterator[Fraction]:
    """More numbers, for lists of different items: step by step, then parts of the range."""
    low, high = bounds.low, bounds.high
    if bounds.range is not None:
        low = Fraction(bounds.range[0]) if low is None else low
        high = Fraction(bounds.range[1]) if high is None else high
    for index in range(MAX_CANDIDATES, MAX_FURTHER):
        above, below = first + index * unit, first - index * unit
        if high is not None and above > high and low is not None and below < low:
            break
        yield above
        yield below
    if low is not None and high is not None and low < high:
        yield from (low + (high - low) * Fraction(part, MAX_STEPS) for part in range(1, MAX_STEPS))


def _common_multiple(steps: list[Fraction]) -> Fraction | None:
    """The smallest number that is a multiple of every step."""
    found: Fraction | None = None
    for step in steps:
        if step <= 0:
            continue
        found = (
            step
            if found is None
            else Fraction(math.lcm(found.numerator, step.numerator), math.gcd(found.denominator, step.denominator))
        )
    return found


def _json(number: Fraction) -> int | float:
    if number.denominator == 1:
        return int(number)
    return float(number)
