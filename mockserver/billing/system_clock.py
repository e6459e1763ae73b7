"""Real time, as it is told to the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Wall = Callable[[], datetime]
"""Tells real time: aware, UTC, never earlier than it told before."""


class SystemWall:
    """The machine's time, but for steps back: those are waited out, lest an expired session come to life."""

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Real time, or the latest that was told."""
        now = datetime.now(UTC)
        if now > self._latest:
            self._latest = now
        return self._latest
