"""The epochs of an account: a reset ends one, and the next begins with nothing.

Rule: an exchange that overlaps a reset belongs to the epoch before or after it; nobody knows to which.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from tests.auditor.exchange import Exchange, Window


class Epochs:
    """The epochs of one account, numbered from 0."""

    def __init__(self, resets: Iterable[Exchange]) -> None:
        ordered = sorted(resets, key=lambda reset: reset.sent)
        self._sent = [reset.window.sent for reset in ordered]
        self._until = sorted(reset.window.until for reset in ordered)
        self.unsure = frozenset(number for number, reset in enumerate(ordered, 1) if reset.is_unknown)
        """The epochs that may not exist: the reset before them had no answer."""

    def __len__(self) -> int:
        return len(self._sent) + 1

    def of(self, window: Window) -> range:
        """The epochs that a moment of the window may belong to."""
        return range(bisect_left(self._until, window.sent), bisect_right(self._sent, window.until) + 1)

    def only(self, window: Window) -> int | None:
        """The epoch of the window; None if it overlaps a reset or its epoch may not exist."""
        if not self._sent:
            return 0
        found = self.of(window)
        return found.start if len(found) == 1 and found.start not in self.unsure else None
