"""A clock that tests can move.

Rule 1: a clock is an offset from real time, or stands still at an instant.
Rule 2: whatever is done to a clock, but for forgetting it, its time never goes back.
Rule 3: nothing here reads the time of day; `wall` (real time) is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from mockserver.domain.errors import ClockMovesBack, InvalidRequest
from mockserver.domain.instant import LATEST, rfc3339, to_millisecond


class ClockFace(NamedTuple):
    """What a clock shows: its time, how far it is ahead of real time, and whether it stands still."""

    now: datetime
    offset: timedelta
    frozen: bool


class Clock(NamedTuple):
    """Real time moved by `offset`, or standing still at `frozen_at`."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    def now(self, wall: datetime) -> datetime:
        """The time on this clock when it is `wall` outside, to the millisecond."""
        return to_millisecond(self.frozen_at or wall + self.offset)

    def face(self, wall: datetime) -> ClockFace:
        """What this clock shows when it is `wall` outside."""
        return ClockFace(self.now(wall), self.offset_at(wall), self.frozen_at is not None)

    def advanced(self, by: timedelta, wall: datetime) -> Clock:
        """The clock moved forward by a duration; raises InvalidRequest past the end of time."""
        if self.now(wall) > LATEST - by:
            raise InvalidRequest(f"that moves the clock past {rfc3339(LATEST)}, as far as it goes")
        if self.frozen_at is not None:
            return self._replace(frozen_at=self.frozen_at + by)
        return self._replace(offset=self.offset + by)

    def set_to(self, instant: datetime, wall: datetime) -> Clock:
        """The clock set to an instant; raises ClockMovesBack when that is earlier than it shows."""
        shown = self.now(wall)
        if instant < shown:
            raise ClockMovesBack(f"{rfc3339(instant)} is before {rfc3339(shown)}, which the clock shows already")
        if self.frozen_at is not None:
            return self._replace(frozen_at=instant)
        return self._replace(offset=instant - to_millisecond(wall))

    def frozen(self, wall: datetime) -> Clock:
        """The clock standing still at the time it shows."""
        return self if self.frozen_at is not None else Clock(self.offset, self.now(wall))

    def resumed(self, wall: datetime) -> Clock:
        """The clock going on from the instant it stood still at."""
        return self if self.frozen_at is None else Clock(self.frozen_at - to_millisecond(wall))

    def offset_at(self, wall: datetime) -> timedelta:
        """How far this clock is ahead of real time."""
        return self.offset if self.frozen_at is None else self.frozen_at - to_millisecond(wall)
