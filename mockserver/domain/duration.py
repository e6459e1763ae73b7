"""Durations as text: `90s`, `15m`, `24h`, `2d`, `1h30m`, `PT24H`, or a number of seconds.

ISO 8601 years and months are refused, since their length depends on the start day.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

from mockserver.domain.errors import InvalidRequest

LONGEST: Final = timedelta(days=366_000)
FORMS: Final = "90s, 15m, 24h, 2d, 1h30m, PT24H, or a number of seconds"

_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_SHORT: Final = re.compile(r"([0-9]{1,12}[dhms])+", re.ASCII)
_SHORT_PART: Final = re.compile(r"([0-9]+)([dhms])", re.ASCII)
_ISO: Final = re.compile(
    r"P(?=[0-9T])(?:(?P<w>[0-9]{1,9})W)?(?:(?P<d>[0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:(?P<h>[0-9]{1,9})H)?(?:(?P<m>[0-9]{1,9})M)?(?:(?P<s>[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?",
    re.ASCII,
)


def duration(given: object) -> timedelta:
    """The duration that a text or a number of seconds denotes, in whole milliseconds.

    Raises InvalidRequest if it is not a duration, is negative or is over a thousand years.
    """
    seconds = _seconds(given)
    if seconds is None:
        raise InvalidRequest(f"{_shorten(given)} is not a duration; write {FORMS}")
    if seconds < 0:
        raise InvalidRequest(f"{_shorten(given)} is negative; a duration is 0 or more")
    if seconds > LONGEST.total_seconds():
        raise InvalidRequest(f"{_shorten(given)} is too long; {LONGEST.days} days are the most")
    return timedelta(milliseconds=int(seconds * 1000))


def _seconds(given: object) -> Decimal | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        # NaN compares as False; a number above 1e18 is refused before it becomes a Decimal of many digits
        return Decimal(repr(given)) if abs(given) <= 1e18 else None
    if not isinstance(given, str):
        return None
    text = given.strip()
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-").removeprefix("+")
    if _NUMBER.fullmatch(text):
        return sign * Decimal(text)
    if _SHORT.fullmatch(text.lower()):
        parts = _SHORT_PART.findall(text.lower())
        units = [unit for _, unit in parts]
        # 1h30m, not 30m1h or 1h1h: each unit once, longer ones first
        if units != sorted(set(units), key="dhms".index):
            return None
        return sign * Decimal(sum(int(count) * _SECONDS[unit] for count, unit in parts))
    if match := _ISO.fullmatch(text.upper()):
        counts = {unit: Decimal(count) for unit, count in match.groupdict().items() if count is not None}
        weeks = counts.pop("w", Decimal(0))
        return sign * (weeks * 7 * _SECONDS["d"] + sum(count * _SECONDS[unit] for unit, count in counts.items()))
    return None


def _shorten(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."
