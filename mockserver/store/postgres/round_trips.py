"""The statements of one transaction, sent in as few round trips as it needs.

Rule 1: changes wait, and are sent with the next read or with the commit. A block without statements sends nothing.
Rule 2: every transaction holds the lock of everything, shared; one that changes more than an account holds it alone.
Rule 3: then it locks the accounts that it reads or changes, before the first look at them. Locks end with it.
Rule 4: an error of PostgreSQL is StoreUnavailable. Nothing of the transaction is stored then.
Rule 5: a connection that ends during the commit of changes is OutcomeUnknown: PostgreSQL may have stored them.
"""

from __future__ import annotations

import asyncio
from typing import Final

import psycopg

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.store.patience import seconds_left, spend
from mockserver.store.postgres.connection.link import ENDED, DatabaseLink, Rows, Statement
from mockserver.store.postgres.connection.pool import SECONDS, LinkPool
from mockserver.store.postgres.locks import LockKeys

_BEGIN: Final[Statement] = ("BEGIN", ())
_COMMIT: Final[Statement] = ("COMMIT", ())
_ROLLBACK: Final[Statement] = ("ROLLBACK", ())
_LONG_SECONDS: Final = 60.0
"""The longest time of a transaction that changes every row of an account or of the schema."""


class RoundTrips:
    """The statements of one transaction."""

    def __init__(self, pool: LinkPool, keys: LockKeys, *, exclusive: bool) -> None:
        self._pool = pool
        self._keys = keys
        self._is_exclusive = exclusive
        self._waiting: list[Statement] = [_BEGIN, keys.lock_everything(exclusive=exclusive)]
        self._link: DatabaseLink | None = None
        self._seconds = 0.0
        self._began = 0.0
        self._failure: StoreUnavailable | OutcomeUnknown | None = None
        self._has_changes = False

    async def commit(self) -> None:
        """Store the changes. Raises StoreUnavailable or OutcomeUnknown."""
        try:
            if self._failure is not None:
                raise self._failure
            if self._link is None:
                if len(self._waiting) == 2:
                    return
                await self._connect()
            self._refuse_dead_link()
            await self._run([*self._waiting, _COMMIT], may_store=self._has_changes)
        except BaseException:
            await self.roll_back()
            raise
        self._release()

    async def roll_back(self) -> None:
        """Undo the changes."""
        try:
            if self._link is not None and self._failure is None and not self._link.is_broken:
                await self._run([_ROLLBACK])
        except StoreUnavailable:
            pass  # PostgreSQL undoes what a lost connection has not committed
        finally:
            self._release()

    async def _fetch(self, *statements: Statement) -> list[Rows]:
        """Send the changes that wait and these statements, and return the rows of these."""
        sent, self._waiting = [*self._waiting, *statements], []
        if self._link is None:
            await self._connect()
        rows = await self._run(sent)
        return rows[len(sent) - len(statements) :]

    def _later(self, sql: str, *parameters: object) -> None:
        """Send a change with the next read or the commit."""
        self._has_changes = True
        self._waiting.append((sql, parameters))

    async def _change(self, sql: str, *parameters: object) -> Rows:
        """Send a change at once, and return its rows."""
        self._has_changes = True
        [rows] = await self._fetch((sql, parameters))
        return rows

    def _allow_long(self) -> None:
        """Give the transaction the time to change many rows."""
        self._seconds = _LONG_SECONDS

    async def _connect(self) -> None:
        self._began = asyncio.get_running_loop().time()
        self._seconds = max(self._seconds, seconds_left(SECONDS))
        try:
            self._link = await self._pool.acquire(seconds=seconds_left(SECONDS))
        except StoreUnavailable as error:
            self._failure = error
            spend(asyncio.get_running_loop().time() - self._began)
            raise

    def _refuse_dead_link(self) -> None:
        # before the commit is sent, the outcome is still known
        if self._link is not None and self._link.is_dead:
            self._failure = self._pool.unavailable(psycopg.OperationalError(ENDED))
            raise self._failure

    async def _run(self, statements: list[Statement], *, may_store: bool = False) -> list[Rows]:
        assert self._link is not None
        try:
            return await self._link.run(statements, seconds=self._seconds_left())
        except psycopg.Error as error:
            is_unknown = may_store and self._link.is_broken
            self._failure = self._pool.outcome_unknown(error) if is_unknown else self._pool.unavailable(error)
            raise self._failure from error

    def _seconds_left(self) -> float:
        return self._began + self._seconds - asyncio.get_running_loop().time()

    def _release(self) -> None:
        if self._link is not None:
            self._pool.release(self._link)
            self._link = None
            if self._seconds <= SECONDS:  # the steps after a long change have the whole patience
                spend(asyncio.get_running_loop().time() - self._began)
