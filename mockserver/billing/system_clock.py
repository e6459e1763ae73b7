"""Real time for the use cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

TimeSource = Callable[[], datetime]
"""Returns real time: an aware UTC datetime, never earlier than the one before."""


class SystemClock:
    """The machine's time. It stands still while the machine is set back, so that expired sessions stay expired."""

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def __call__(self) -> datetime:
        """The machine's time, or the latest returned time if that is later."""
        now = datetime.now(UTC)
        if now > self._latest:
            self._latest = now
        return self._latest
