"""The connection on which a server hears of the others.

Rule 1: while it is connected, no notification is lost. `on_gap` is called whenever some may have been: at the start,
        and when a lost connection is made anew.
Rule 2: a lost connection is tried again each half second. Nothing waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import psycopg

from mockserver.store.background_task import BackgroundTask
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import DatabaseLink, Statement, cancellations_kept, quoted

RETRY_SECONDS: Final = 0.5
_PING_SECONDS: Final = 5.0
"""The longest time without a word from the server; then it is asked for one."""
_ANSWER_SECONDS: Final = 4.0

_log: Final = logging.getLogger(__name__)


class Listener:
    """Hears the notifications of one channel."""

    def __init__(
        self,
        address: PostgresAddress,
        channel: str,
        *,
        on_message: Callable[[str], None],
        on_gap: Callable[[DatabaseLink], Awaitable[None]],
        on_loss: Callable[[], None],
        after_messages: Callable[[DatabaseLink], Awaitable[None]],
    ) -> None:
        """The functions of a link may run statements on it; the others only take note."""
        self._address = address
        self._listen: Statement = (f"LISTEN {quoted(channel)}", ())
        self._on_message = on_message
        self._on_gap = on_gap
        self._on_loss = on_loss
        self._after_messages = after_messages
        self._task = BackgroundTask()

    def start(self) -> None:
        """Begin to listen, on the running event loop."""
        self._task.start(self._run())

    async def stop(self) -> None:
        """End listening. A second call does nothing."""
        await self._task.stop()

    async def _run(self) -> None:
        while True:
            try:
                with cancellations_kept():
                    await self._hear()
            except psycopg.Error as error:
                _log.debug("the notifications of the store are lost: %s", error)  # requests report the store
            finally:
                self._on_loss()
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        link = await DatabaseLink.connect(self._address)
        try:
            await link.run([self._listen], seconds=_ANSWER_SECONDS)
            await self._on_gap(link)
            while True:
                is_silent = True
                async for notification in link.connection.notifies(timeout=_PING_SECONDS, stop_after=1):
                    is_silent = False
                    self._on_message(notification.payload)
                if is_silent:
                    await link.run([("SELECT 1", ())], seconds=_ANSWER_SECONDS)
                else:
                    await self._after_messages(link)
        finally:
            link.close()
