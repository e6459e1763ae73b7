"""Group commit: one commit for all transactions of an event-loop iteration.

Rule 1: transactions run one after the other. Each is a savepoint, so that a failed one leaves the others intact.
Rule 2: every transaction, even one that only reads, waits for the commit: it may have read uncommitted changes.
Rule 3: if the commit fails, all transactions of the group fail.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from types import TracebackType

from mockserver.store.sqlite.transaction import SqliteTransaction


class GroupCommit:
    """Groups the transactions of a connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = asyncio.Lock()
        self._tx = SqliteTransaction(db)
        self._waiting: list[asyncio.Future[None]] | None = None

    def transaction(self) -> _GroupedTransaction:
        """The next transaction of the group."""
        return _GroupedTransaction(self)

    async def begin(self) -> SqliteTransaction:
        """Wait for the lock, and begin a transaction."""
        await self._lock.acquire()
        try:
            if self._waiting is None:
                self._db.execute("BEGIN")
                self._waiting = []
                asyncio.get_running_loop().call_soon(self._commit)
            self._db.execute("SAVEPOINT tx")
        except BaseException:
            self._lock.release()
            raise
        return self._tx

    async def end(self, *, commits: bool) -> None:
        """Release or roll back the transaction, and wait for the commit of its group."""
        # one future each: a cancelled caller must not cancel the commit of the others
        committed = asyncio.get_running_loop().create_future()
        assert self._waiting is not None
        self._waiting.append(committed)
        try:
            if not commits:
                # a full disk may have rolled back everything already; then the commit fails
                with suppress(sqlite3.OperationalError):
                    self._db.execute("ROLLBACK TO tx")
            self._db.execute("RELEASE tx")
        finally:
            self._lock.release()
            await committed

    def _commit(self) -> None:
        if self._lock.locked():
            asyncio.get_running_loop().call_soon(self._commit)
            return
        waiting, self._waiting = self._waiting or [], None
        failure: sqlite3.Error | None = None
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            failure = error
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
        for committed in waiting:
            if committed.done():  # cancelled
                continue
            if failure is None:
                committed.set_result(None)
            else:
                committed.set_exception(failure)


class _GroupedTransaction:
    """A transaction of a group. A generator would cost as much as the statements inside it."""

    __slots__ = ("_commit",)

    def __init__(self, commit: GroupCommit) -> None:
        self._commit = commit

    async def __aenter__(self) -> SqliteTransaction:
        return await self._commit.begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._commit.end(commits=error is None)
