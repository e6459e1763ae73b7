"""A clock that tests can move.

Rule 1: a clock is an offset from real time, or is frozen at an instant.
Rule 2: the time on a clock never goes back, unless the clock is deleted.
Rule 3: nothing here reads the time of day; `real_time` is an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from mockserver.domain.errors import ClockMovesBack, InvalidRequest
from mockserver.domain.instant import LATEST, rfc3339, to_millisecond


class ClockFace(NamedTuple):
    """The state of a clock: its time, its offset from real time, and True if it is frozen."""

    now: datetime
    offset: timedelta
    frozen: bool


class Clock(NamedTuple):
    """Real time plus `offset`, or the instant `frozen_at`."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    def now(self, real_time: datetime) -> datetime:
        """The time on this clock at `real_time`, to the millisecond."""
        return to_millisecond(self.frozen_at or (real_time + self.offset if self.offset else real_time))

    def face(self, real_time: datetime) -> ClockFace:
        """The state of this clock at `real_time`."""
        return ClockFace(self.now(real_time), self.offset_at(real_time), self.frozen_at is not None)

    def advanced(self, by: timedelta, real_time: datetime) -> Clock:
        """The clock moved forward by a duration. Raises InvalidRequest past LATEST."""
        if self.now(real_time) > LATEST - by:
            raise InvalidRequest(f"that moves the clock past {rfc3339(LATEST)}, the latest time it can show")
        if self.frozen_at is not None:
            return self._replace(frozen_at=self.frozen_at + by)
        return self._replace(offset=self.offset + by)

    def set_to(self, instant: datetime, real_time: datetime) -> Clock:
        """The clock set to an instant. Raises ClockMovesBack if the clock shows a later time."""
        now = self.now(real_time)
        if instant < now:
            raise ClockMovesBack(f"{rfc3339(instant)} is before {rfc3339(now)}, which the clock shows already")
        if self.frozen_at is not None:
            return self._replace(frozen_at=instant)
        return self._replace(offset=instant - to_millisecond(real_time))

    def frozen(self, real_time: datetime) -> Clock:
        """The clock, frozen at the time it shows."""
        return self if self.frozen_at is not None else Clock(self.offset, self.now(real_time))

    def resumed(self, real_time: datetime) -> Clock:
        """The clock, running again from the instant it was frozen at."""
        return self if self.frozen_at is None else Clock(self.frozen_at - to_millisecond(real_time))

    def offset_at(self, real_time: datetime) -> timedelta:
        """The offset of this clock from real time."""
        return self.offset if self.frozen_at is None else self.frozen_at - to_millisecond(real_time)
