"""Instants: UTC, to the millisecond, written as RFC 3339 with `Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from mockserver.domain.errors import InvalidRequest

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""The latest time on a clock. It leaves room to add durations."""

_MILLISECOND: Final = timedelta(milliseconds=1)
_RFC3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def to_millisecond(instant: datetime) -> datetime:
    """The instant, truncated to the millisecond."""
    rest = instant.microsecond % 1000
    return instant.replace(microsecond=instant.microsecond - rest) if rest else instant


@lru_cache(maxsize=256)
def rfc3339(instant: datetime) -> str:
    """The instant as text, such as `2030-01-01T00:00:00.000Z`."""
    # without its zone, which is UTC: writing the zone takes longer than the rest
    return instant.replace(tzinfo=None).isoformat("T", "milliseconds") + "Z"


def parse_instant(given: object) -> datetime:
    """Parse an RFC 3339 text. Raises InvalidRequest."""
    refusal = InvalidRequest(
        f"{str(given)[:60]!r} is not an instant; write RFC 3339 with a zone, such as 2030-01-01T00:00:00Z"
    )
    if not isinstance(given, str) or not _RFC3339.fullmatch(given):
        raise refusal
    try:
        instant = to_millisecond(datetime.fromisoformat(given.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        raise refusal from None
    if not EPOCH <= instant <= LATEST:
        raise InvalidRequest(f"{given!r} is out of range; clocks go from {rfc3339(EPOCH)} to {rfc3339(LATEST)}")
    return instant


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970."""
    return (instant - EPOCH) // _MILLISECOND


def from_milliseconds(count: int) -> datetime:
    """The instant `count` milliseconds after 1970 began."""
    return EPOCH + _MILLISECOND * count


def month_start(instant: datetime) -> datetime:
    """The start of the UTC month of `instant`."""
    return instant.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
