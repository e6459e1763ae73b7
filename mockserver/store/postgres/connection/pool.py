"""The connections of one server to its database.

Rule 1: a connection is made when all others are in use, up to a number; then transactions wait their turn.
Rule 2: no task runs between transactions, so that a pool serves one event loop after the other.
Rule 3: a failed connection is dropped, and the next transaction tries anew: recovery needs no restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

import psycopg

from mockserver.domain.errors import StoreUnavailable
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import SILENT, DatabaseLink, Rows, Statement
from mockserver.store.postgres.connection.reason import reason_of

MOST: Final = 10
SECONDS: Final = 4.0
"""The longest time that a transaction takes, waiting included; those that change many rows have more."""

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
        self._logged = ""

    async def acquire(self, *, seconds: float = SECONDS) -> DatabaseLink:
        """An idle connection, or a new one. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self._idle and self._open >= self._most:
            await self._wait_turn(deadline - loop.time())
        if self._idle:
            return self._idle.pop()
        return await self._connect(deadline - loop.time())

    async def begin(
        self, statements: Sequence[Statement], *, seconds: float = SECONDS
    ) -> tuple[DatabaseLink, list[Rows]]:
        """A connection that has run the first statements of a transaction, and their rows. Raises StoreUnavailable.

        If the connection turns out to be dead, as after a restart of the server, another one runs them: nothing is
        stored yet.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        link, rows = await self._try_begin(statements, deadline)
        if rows is None:
            self.drop_idle()
            link, rows = await self._try_begin(statements, deadline, is_last=True)
            assert rows is not None
        return link, rows

    def release(self, link: DatabaseLink) -> None:
        """Take back a connection. One that is not idle is dropped."""
        if self._is_closed or not link.is_idle:
            link.close()
            self._drop_one()
            return
        self._idle.append(link)
        self._wake_one()

    def drop_idle(self) -> None:
        """Drop the idle connections: one of them has turned out to be dead."""
        while self._idle:
            self._idle.pop().close()
            self._drop_one()

    def unavailable(self, error: psycopg.Error) -> StoreUnavailable:
        """The error for one of PostgreSQL; the log has it once."""
        return self._failure(f"cannot be used ({reason_of(error)}); the next request tries it again")

    def close(self) -> None:
        """Close the idle connections. Those in use are closed when they come back."""
        self._is_closed = True
        self.drop_idle()

    async def _try_begin(
        self, statements: Sequence[Statement], deadline: float, *, is_last: bool = False
    ) -> tuple[DatabaseLink, list[Rows] | None]:
        """The same with one connection; None for the rows if it is dead."""
        time = asyncio.get_running_loop().time
        link = await self.acquire(seconds=deadline - time())
        try:
            return link, await link.run(statements, seconds=deadline - time())
        except psycopg.Error as error:
            is_dead = link.is_broken and time() < deadline
            self.release(link)
            if is_dead and not is_last:
                return link, None
            raise self.unavailable(error) from error
        except BaseException:
            self.release(link)
            raise

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
            raise self._failure(f"is too busy: its {self._most} connections are in use; try again") from None
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

    def _drop_one(self) -> None:
        self._open -= 1
        self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done() and not turn.get_loop().is_closed():
                turn.set_result(None)
                return
