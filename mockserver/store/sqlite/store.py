"""The store in a SQLite file.

Rule 1: the changes of an answered request survive a killed process: write-ahead log, synchronous NORMAL.
        A power failure may lose the last moments, since commits do not wait for the disk.
Rule 2: one server owns a file, or processes of one machine share it.
Rule 3: one transaction runs at a time. Of what is in the file, only accounts and clocks are known between
        transactions. What is undone is forgotten, and everything when another process has written.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.store.errors import StoreInUse, StoreUnusable
from mockserver.store.key_hints import KeyHints
from mockserver.store.sqlite.checkpointer import LOG_LIMIT, Checkpointer
from mockserver.store.sqlite.files.file_lock import lock_file, opening_alone, reason_of, refusal_of
from mockserver.store.sqlite.group_commit import GroupCommit
from mockserver.store.sqlite.marks import PRAGMAS, Marks, check_marks
from mockserver.store.sqlite.schema import APPLICATION_ID, MIGRATIONS, ExactSum
from mockserver.store.sqlite.sharing.write_turn import BEING_WRITTEN, PATIENCE_SECONDS, is_busy
from mockserver.store.sqlite.transaction import SqliteTransaction

if TYPE_CHECKING:
    from mockserver.domain.clock import Clock
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession


class SqliteStore:
    """A store in one file."""

    def __init__(self, path: Path, *, is_shared: bool = False) -> None:
        """Open the file, and create it and its folders if they are missing. Raises StoreError."""
        self.name = f"sqlite:///{path}"
        self._lock = lock_file(path, is_shared=is_shared)
        try:
            with opening_alone(path, is_shared=is_shared):
                self._db = _open(path, patience=PATIENCE_SECONDS if is_shared else 0)
            self.secret = _secret(self._db, path)
        except BaseException:
            self._lock.close()
            raise
        self._checkpointer = Checkpointer(self._db, path, is_shared=is_shared)
        self.key_hints = KeyHints()
        self._commit = GroupCommit(self._db, path, self._checkpointer, self.key_hints, is_shared=is_shared)
        self.peers = self._commit.peers() if is_shared else None

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[SqliteTransaction]:
        """See Store.transaction. One runs at a time."""
        return self._commit.transaction()

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """See Store.create_session."""
        session = await self._commit.create_session(account, create)
        if session is None:
            async with self.transaction() as tx:
                session = create(await tx.clock(account), await tx.next_session_number())
                await tx.add_session(session)
        return session

    async def clock(self, account: str | None) -> Clock:
        """See Store.clock."""
        clock = self._commit.stored_clock(account)
        if clock is None:
            async with self.transaction() as tx:
                clock = await tx.clock(account)
        return clock

    def close(self) -> None:
        """See Store.close."""
        self._checkpointer.stop()
        self._db.close()
        self._checkpointer.close()
        self._lock.close()


def _open(path: Path, *, patience: float) -> sqlite3.Connection:
    try:
        # one thread at a time: the starting thread opens it, the serving thread uses it
        db = sqlite3.connect(
            path, isolation_level=None, timeout=patience, check_same_thread=False, cached_statements=256
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreUnusable(f"the store {path} cannot be opened: {reason_of(error)}") from error
    try:
        db.execute("BEGIN EXCLUSIVE")
        check_marks(Marks(*(_pragma(db, name) for name in PRAGMAS)), path)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")  # the checkpointer does it
        db.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT}")
        _migrate(db)
        db.execute("PRAGMA busy_timeout = 0")  # from now on nobody waits inside SQLite
    except sqlite3.Error as error:
        db.close()
        if is_busy(error):
            raise StoreInUse(f"the store {path} {BEING_WRITTEN}") from error
        raise refusal_of(path, error) from error
    except BaseException:
        db.close()
        raise
    return db


def _secret(db: sqlite3.Connection, path: Path) -> bytes:
    try:
        secret: bytes = db.execute("SELECT value FROM secrets WHERE name = 'page'").fetchone()[0]
    except (sqlite3.Error, TypeError) as error:
        db.close()
        raise StoreUnusable(f"the store {path} cannot be used: {reason_of(error)}") from error
    return secret


def _migrate(db: sqlite3.Connection) -> None:
    db.create_window_function("exact_sum", 1, ExactSum)
    for number, step in enumerate(MIGRATIONS[_pragma(db, "user_version") :], start=_pragma(db, "user_version") + 1):
        # one transaction a step: after a start that was killed half-way, the next one goes on
        db.executescript(
            f"BEGIN; {step}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}; COMMIT;"
        )
    db.execute("INSERT OR IGNORE INTO secrets (name, value) VALUES ('page', ?)", (os.urandom(32),))


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
