"""The connections of one server to its database.

Rule 1: a connection is made when all others are in use, up to a number; then transactions wait their turn. So they do
        if the database gives no more connections than those in use.
Rule 2: no task runs between transactions, so that a pool serves one event loop after the other.
Rule 3: a failed connection is dropped, and the next transaction tries anew: recovery needs no restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Final

import psycopg

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import SILENT, DatabaseLink, is_read_only
from mockserver.store.postgres.connection.reason import reason_of

MOST: Final = 10
SECONDS: Final = 4.0
"""The longest time that a transaction takes, waiting included; those that change many rows have more."""

_FULL_SECONDS: Final = 0.5
"""The time after a refused connection in which no other one is tried while some are in use."""

_log: Final = logging.getLogger(__name__)


class LinkPool:
    """Idle connections, and those who wait for one."""

    def __init__(self, address: PostgresAddress, *, most: int = MOST) -> None:
        self._address = address
        self._most = most
        self._idle: list[DatabaseLink] = []
        self._open = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_closed = False
        self._full_until = 0.0
        self._logged = ""

    async def acquire(self, *, seconds: float = SECONDS) -> DatabaseLink:
        """An idle connection, or a new one. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while (link := self._take_idle()) is None:
            if self._open >= self._most or (self._open and loop.time() < self._full_until):
                await self._wait_turn(deadline - loop.time())
                continue
            try:
                return await self._connect(deadline - loop.time())
            except StoreUnavailable:
                if not self._open:
                    raise
                self._full_until = loop.time() + _FULL_SECONDS
        return link

    def release(self, link: DatabaseLink) -> None:
        """Take back a connection. One that is not idle is dropped."""
        if self._is_closed or not link.is_idle:
            link.close()
            self._drop_one()
            return
        self._idle.append(link)
        self._wake_one()

    def unavailable(self, error: psycopg.Error) -> StoreUnavailable:
        """The error for one of PostgreSQL; the log has it once."""
        if is_read_only(error):
            self._close_idle()  # a later connection may lead to a server that can be written
        return self._failure(f"cannot be used ({reason_of(error)}); the next request tries it again")

    def outcome_unknown(self, error: psycopg.Error) -> OutcomeUnknown:
        """The error for changes whose commit has no answer."""
        self.unavailable(error)
        reason = f"was lost while it stored the request ({reason_of(error)})"
        return OutcomeUnknown(f"the store {self._address.name} {reason}; see if it did before you try again")

    def close(self) -> None:
        """Close the idle connections. Those in use are closed when they come back."""
        self._is_closed = True
        self._close_idle()

    def _take_idle(self) -> DatabaseLink | None:
        while self._idle:
            link = self._idle.pop()
            if not link.is_dead:
                return link
            link.close()  # the server was restarted since
            self._drop_one()
        return None

    async def _connect(self, seconds: float) -> DatabaseLink:
        self._open += 1
        try:
            async with asyncio.timeout(max(seconds, 0)):
                link = await DatabaseLink.connect(self._address)
        except TimeoutError:
            self._drop_one()
            raise self.unavailable(psycopg.OperationalError(SILENT)) from None
        except psycopg.Error as error:
            self._drop_one()
            raise self.unavailable(error) from None  # the error's own text is in the message
        except BaseException:
            self._drop_one()
            raise
        if self._logged:
            self._logged = ""
            _log.warning("the store %s is available again", self._address.name)
        return link

    async def _wait_turn(self, seconds: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await turn
        except TimeoutError:
            raise self._failure(f"is too busy: its {self._open} connections are in use; try again") from None
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._wake_one()
            raise
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _failure(self, problem: str) -> StoreUnavailable:
        if problem != self._logged:
            self._logged = problem
            _log.error("the store %s %s", self._address.name, problem)
        return StoreUnavailable(f"the store {self._address.name} {problem}")

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()
            self._drop_one()

    def _drop_one(self) -> None:
        self._open -= 1
        self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done() and not turn.get_loop().is_closed():
                turn.set_result(None)
                return
