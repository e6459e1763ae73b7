"""Real time for the use cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from mockserver.domain.instant import from_milliseconds

TimeSource = Callable[[], datetime]
"""Returns real time: an aware UTC datetime, never earlier than the one before."""

STANDSTILL: Final = datetime(2030, 1, 1, tzinfo=UTC)
"""The time of a mock with a seed, until its clock is moved."""


def stand_still() -> datetime:
    """The real time of a mock with a seed: always the same, since real time is never the same twice."""
    return STANDSTILL


class SystemClock:
    """The machine's time, to the millisecond. It stands still while the machine is set back: what has expired stays so.

    Within a millisecond it returns one object, so that texts and sums of it are found again.
    """

    def __init__(self) -> None:
        self._milliseconds = -1
        self._latest = from_milliseconds(0)

    def __call__(self) -> datetime:
        """The machine's time, or the latest returned time if that is later."""
        now = int(time.time() * 1000)
        if now > self._milliseconds:
            self._milliseconds, self._latest = now, from_milliseconds(now)
        return self._latest
