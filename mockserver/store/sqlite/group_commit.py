"""Group commit: one commit for all transactions of successive turns of the event loop.

Rule 1: transactions run one after the other. A failed one is undone and leaves the others intact.
Rule 2: every transaction, even one that only reads, waits for the commit: it may have read uncommitted changes.
Rule 3: if the commit fails, all transactions of the group fail.
Rule 4: an error of SQLite, and a file that is no longer there, is StoreUnavailable. A group that begins without its
        files fails at once: see FilePresence.
Rule 5: in a shared file, a group is the turn of one process to write, from its begin to its commit.
Rule 6: a group ends with the first turn of the event loop that brings no transaction, or when it is large.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from mockserver.domain.errors import StoreUnavailable
from mockserver.store.key_hints import KeyHints
from mockserver.store.sqlite.checkpointer import Checkpointer
from mockserver.store.sqlite.files.file_presence import FilePresence
from mockserver.store.sqlite.sharing.write_turn import BEING_WRITTEN, WriteTurn, end_waits, is_busy
from mockserver.store.sqlite.transaction import SqliteTransaction

if TYPE_CHECKING:
    from mockserver.domain.clock import Clock
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession
    from mockserver.store.sqlite.sharing.peers import FilePeers

MOST: Final = 200
"""The transactions of a group after which it waits for no more."""
_LOCKED: Final = "is locked by another program, which may read the file and must not write to it; end that program"

_log: Final = logging.getLogger(__name__)


class GroupCommit:
    """Groups the transactions of a connection."""

    def __init__(
        self,
        db: sqlite3.Connection,
        path: Path,
        checkpointer: Checkpointer,
        key_hints: KeyHints,
        *,
        is_shared: bool = False,
    ) -> None:
        self._db = db
        self._is_shared = is_shared
        self._data_version = 0
        self._turn = WriteTurn(begin=self._begin_group, end=self._commit_soon)
        self._path = path
        self._checkpointer = checkpointer
        self._presence = FilePresence(path)
        self._logged = ""
        self._lock = asyncio.Lock()
        self._tx = SqliteTransaction(db, key_hints)
        self._waiting: list[asyncio.Future[None]] | None = None
        self._known = 0
        """The transactions of the group at its last turn of the event loop."""

    def transaction(self) -> _GroupedTransaction:
        """The next transaction of the group."""
        return _GroupedTransaction(self)

    def peers(self) -> FilePeers:
        """The other processes that share the file."""
        from mockserver.store.sqlite.sharing.peers import FilePeers  # few files are shared

        return FilePeers(self._tx, self.transaction, self._read_data_version)

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession | None:
        """A transaction that adds a session, without a statement; None if the file must be asked first."""
        if self._lock.locked():
            return None
        try:
            if not self._join_group():
                return None
        except sqlite3.Error as error:
            raise self.failed(error) from error
        clock, number = self._tx.known_clock(account), self._tx.known_session_number
        if clock is None or number is None or not self._tx.is_known(account):
            return None
        session = create(clock, number)
        self._tx.begin()
        self._tx.append_session(session, number)
        try:
            await self._committed()
        except sqlite3.Error as error:
            raise self.failed(error) from error
        return session

    def stored_clock(self, account: str | None) -> Clock | None:
        """The clock of an account, or the common one; None if the file must be asked, or a change may be undone."""
        if self._is_shared or self._waiting is not None or self._lock.locked():
            return None
        return self._tx.known_clock(account)

    async def begin(self) -> SqliteTransaction:
        """Wait for the lock and for the turn of this process, and begin a transaction."""
        await self._lock.acquire()
        while not self._begin_or_release():
            try:
                await self._turn.wait()
            except sqlite3.Error as error:
                raise self.failed(error) from error
            except TimeoutError:
                raise self._unavailable(BEING_WRITTEN) from None
            await self._lock.acquire()
        return self._tx

    def _begin_or_release(self) -> bool:
        """Begin a transaction under the lock; if it is the turn of another process, release the lock."""
        has_begun = False
        try:
            if self._join_group():
                self._tx.begin()
                has_begun = True
        except sqlite3.Error as error:
            raise self.failed(error) from error
        finally:
            if not has_begun:
                self._lock.release()
        return has_begun

    def failed(self, error: sqlite3.Error) -> StoreUnavailable:
        """The error for one of SQLite; the log has it once."""
        if is_busy(error):
            return self._unavailable(BEING_WRITTEN if self._is_shared else _LOCKED)
        return self._unavailable(
            f"cannot be used ({error}); free the disk, or restore the file or delete it, and restart the mock"
        )

    def _unavailable(self, reason: str) -> StoreUnavailable:
        if reason != self._logged:
            self._logged = reason
            _log.error("the store %s %s", self._path, reason)
        return StoreUnavailable(f"the store {self._path} {reason}")

    async def end(self, *, commits: bool) -> None:
        """Release or roll back the transaction, and wait for the commit of its group."""
        committed = self._committed()
        try:
            # a full disk may have rolled back everything already; then the commit fails
            with suppress(sqlite3.DatabaseError) if not commits else nullcontext():
                self._tx.end(commits=commits)
        finally:
            self._lock.release()
            await committed

    def _join_group(self) -> bool:
        """Join the group, or begin one; False if it is the turn of another process."""
        if self._waiting is not None:
            return True
        if self._turn.is_awaited:
            return False
        try:
            self._begin_group()
        except sqlite3.Error as error:
            if self._is_shared and is_busy(error):
                return False
            raise
        self._commit_soon()
        return True

    def _begin_group(self) -> None:
        if (missing := self._presence.missing()) is not None:
            raise self._unavailable(self._loss(missing))
        if self._is_shared:
            self._db.execute("BEGIN IMMEDIATE")
            self._turn.take()
            self._forget_if_changed()
        else:
            self._db.execute("BEGIN")
        self._waiting = []

    def _loss(self, missing: Path) -> str:
        if missing != self._path:
            return f"has lost {missing}; restart the mock, which makes a new one"
        if missing.exists():
            return "was replaced by another file; restart the mock to use that one"
        return "is gone; restart the mock, which makes a new one"

    def _commit_soon(self) -> None:
        asyncio.get_running_loop().call_soon(self._commit)

    def _still_grows(self) -> bool:
        """The last turn of the event loop has brought a transaction, and the next one may, too."""
        before, self._known = self._known, len(self._waiting or ())
        return before < self._known < MOST

    def _forget_if_changed(self) -> None:
        """Forget what is known of the file if another process has written."""
        version = self._read_data_version()
        if version != self._data_version:
            self._data_version = version
            self._tx.forget_known()

    def _read_data_version(self) -> int:
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _committed(self) -> asyncio.Future[None]:
        """Ends with the commit of the group."""
        # one future each: a cancelled caller must not cancel the commit of the others
        committed = asyncio.get_running_loop().create_future()
        assert self._waiting is not None
        self._waiting.append(committed)
        return committed

    def _commit(self) -> None:
        if self._lock.locked() or self._still_grows():
            self._commit_soon()
            return
        waiting, self._waiting, self._known = self._waiting or [], None, 0
        failure: Exception | None = None
        try:
            self._tx.begin()
            self._tx.flush()
            self._db.execute("COMMIT")
            self._checkpointer.count_commit()
        except Exception as error:  # even a defect must leave nobody waiting
            failure = error
            self._tx.reset()
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
        end_waits(waiting, failure)


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
        try:
            await self._commit.end(commits=error is None)
        except sqlite3.Error as failure:
            first = error if isinstance(error, sqlite3.Error) else failure
            raise self._commit.failed(first) from first
        if isinstance(error, sqlite3.Error):
            raise self._commit.failed(error) from error
