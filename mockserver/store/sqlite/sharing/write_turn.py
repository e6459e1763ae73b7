"""The turns of the processes that share a file: SQLite lets one of them write at a time.

Rule 1: a process looks again every millisecond. SQLite's own wait would hold up the event loop, and sleeps for up to a
        tenth of a second between two looks.
Rule 2: everybody in this process who waits has the same turn.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from typing import Final

from mockserver.store.patience import seconds_left, spend

PATIENCE_SECONDS: Final = 4.5
"""The longest wait. A process that writes for so long has stopped."""
_NEXT_PATIENCE_SECONDS: Final = 0.2
"""The longest wait after one in vain: a request may need several turns, and is to be answered within 5 seconds."""
_PAUSE_SECONDS: Final = 0.001
BEING_WRITTEN: Final = "is being written by another process for seconds; look whether that one hangs"
"""The end of a sentence on a file whose turn does not come."""


def is_busy(error: sqlite3.Error) -> bool:
    """Another process writes, or has written since this one began to read."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def end_waits(waiting: Iterable[asyncio.Future[None]], failure: Exception | None) -> None:
    """Let everybody go on, or raise the failure; some may have been cancelled."""
    for each in waiting:
        if each.done():
            continue
        if failure is None:
            each.set_result(None)
        else:
            each.set_exception(failure)


class WriteTurn:
    """Waits for the turn of this process."""

    def __init__(self, *, begin: Callable[[], None], end: Callable[[], None]) -> None:
        """`begin` begins the turn, or raises sqlite3.Error; `end` is called when all who waited have been woken."""
        self._begin = begin
        self._end = end
        self._waiting: list[asyncio.Future[None]] = []
        self._deadline = 0.0
        self._was_in_vain = False

    @property
    def is_awaited(self) -> bool:
        """Somebody waits for the turn."""
        return bool(self._waiting)

    def take(self) -> None:
        """Note that this process has its turn."""
        self._was_in_vain = False

    async def wait(self) -> None:
        """Wait for the turn.

        Raises StoreUnavailable, sqlite3.Error, of another process that does not end too, and TimeoutError at the end of
        the patience of the request.
        """
        loop = asyncio.get_running_loop()
        taken = loop.create_future()  # one each: who is cancelled must not cancel the others
        if not self._waiting:
            self._deadline = loop.time() + (_NEXT_PATIENCE_SECONDS if self._was_in_vain else PATIENCE_SECONDS)
            loop.call_later(_PAUSE_SECONDS, self._look)
        self._waiting.append(taken)
        began, seconds = loop.time(), seconds_left(PATIENCE_SECONDS)
        try:
            async with asyncio.timeout(seconds if seconds < PATIENCE_SECONDS else None):
                await taken
        finally:
            spend(loop.time() - began)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        failure: Exception | None = None
        try:
            self._begin()
        except Exception as error:  # even a defect must leave nobody waiting
            if isinstance(error, sqlite3.Error) and is_busy(error) and loop.time() < self._deadline:
                loop.call_later(_PAUSE_SECONDS, self._look)
                return
            failure = error
            self._was_in_vain = True
        waiting, self._waiting = self._waiting, []
        end_waits(waiting, failure)
        if failure is None:
            self._end()
