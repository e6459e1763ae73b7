"""One commit for all transactions of an event-loop turn.

Rule 1: transactions take turns; each is a savepoint, so that one that raises takes nothing of the others with it.
Rule 2: a transaction ends for its caller when the commit is done, whether it kept something, only looked, or raised:
        what it saw may be another's, not yet on disk.
Rule 3: where the commit fails, all who shared it fail.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from types import TracebackType

from mockserver.store.sqlite.transaction import SqliteTransaction


class SharedCommit:
    """The transactions of a connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = asyncio.Lock()
        self._tx = SqliteTransaction(db)
        self._waiting: list[asyncio.Future[None]] | None = None

    def turn(self) -> _Turn:
        """The next transaction's turn."""
        return _Turn(self)

    async def begin(self) -> SqliteTransaction:
        """Wait for the turn and begin."""
        await self._lock.acquire()
        try:
            if self._waiting is None:
                self._db.execute("BEGIN")
                self._waiting = []
                asyncio.get_running_loop().call_soon(self._commit)
            self._db.execute("SAVEPOINT turn")
        except BaseException:
            self._lock.release()
            raise
        return self._tx

    async def end(self, *, keep: bool) -> None:
        """Keep or undo the turn's changes, and wait until what all have kept is on disk."""
        # a future for each: one who is cancelled does not take the others' commit along
        committed = asyncio.get_running_loop().create_future()
        assert self._waiting is not None
        self._waiting.append(committed)
        try:
            if not keep:
                # a full disk may have undone everything already; the commit then fails
                with suppress(sqlite3.OperationalError):
                    self._db.execute("ROLLBACK TO turn")
            self._db.execute("RELEASE turn")
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


class _Turn:
    """A class, since a generator costs as much as the statements it would bracket."""

    __slots__ = ("_commit",)

    def __init__(self, commit: SharedCommit) -> None:
        self._commit = commit

    async def __aenter__(self) -> SqliteTransaction:
        return await self._commit.begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._commit.end(keep=error is None)
