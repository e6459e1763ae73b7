"""Things that happened within windows: how many at least, and at most, by a moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from tests.auditor.exchange import Window


class Tally:
    """Counts of certain and possible events."""

    def __init__(self, certain: Iterable[Window], possible: Iterable[Window]) -> None:
        self._until = sorted(window.until for window in certain)
        self._sent = sorted(window.sent for window in possible)

    def least(self, window: Window) -> int:
        """The events that had certainly happened when the window began."""
        return bisect_left(self._until, window.sent)

    def most(self, window: Window) -> int:
        """The events that may have happened when the window ended."""
        return bisect_right(self._sent, window.until)
