"""The store in a SQLite file.

Rule 1: the changes of an answered request survive a killed process: write-ahead log, synchronous NORMAL.
        A power failure may lose the last moments, since commits do not wait for the disk.
Rule 2: one server owns a file at a time. The operating system releases the file when that server dies.
Rule 3: one transaction runs at a time. Of what is in the file, only accounts and clocks are known between
        transactions: nobody else writes it, and what is undone is forgotten.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.store.errors import StoreInUse, StoreTooNew, StoreUnusable
from mockserver.store.sqlite.group_commit import GroupCommit
from mockserver.store.sqlite.schema import APPLICATION_ID, MIGRATIONS, ExactSum
from mockserver.store.sqlite.transaction import SqliteTransaction

if TYPE_CHECKING:
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession

CHECKPOINT_PAGES: Final = 8_000
"""The length of the write-ahead log before it is written back, in pages of 4 KiB: 32 MB."""


class SqliteStore:
    """A store in one file."""

    def __init__(self, path: Path) -> None:
        """Open the file, and create it and its folders if they are missing. Raises StoreError."""
        self.name = f"sqlite:///{path}"
        self._db = _open(path)
        self._commit = GroupCommit(self._db, path)
        self.secret = _secret(self._db, path)

    def transaction(self) -> AbstractAsyncContextManager[SqliteTransaction]:
        """See Store.transaction."""
        return self._commit.transaction()

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """See Store.create_session."""
        session = await self._commit.create_session(account, create)
        if session is None:
            async with self.transaction() as tx:
                session = create(await tx.clock(account), await tx.next_session_number())
                await tx.add_session(session)
        return session

    def close(self) -> None:
        """See Store.close."""
        self._db.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # one thread at a time: the starting thread opens it, the serving thread uses it
        db = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False, cached_statements=256)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnusable(f"the store {path} cannot be opened: {_reason(error)}") from error
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        _check_ours(db, path)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        # a checkpoint waits for the disk: a few long ones delay fewer requests than many short ones
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        _migrate(db)
    except sqlite3.Error as error:
        db.close()
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreInUse(f"the store {path} is in use by another server; stop that one, or give --store") from None
        raise StoreUnusable(f"the store {path} cannot be used: {_write_error(path) or _reason(error)}") from error
    except BaseException:
        db.close()
        raise
    return db


def _secret(db: sqlite3.Connection, path: Path) -> bytes:
    try:
        secret: bytes = db.execute("SELECT value FROM secrets WHERE name = 'page'").fetchone()[0]
    except (sqlite3.Error, TypeError) as error:
        db.close()
        raise StoreUnusable(f"the store {path} cannot be used: {_reason(error)}") from error
    return secret


def _check_ours(db: sqlite3.Connection, path: Path) -> None:
    version, application = _pragma(db, "user_version"), _pragma(db, "application_id")
    if application != APPLICATION_ID and _pragma(db, "schema_version"):
        raise StoreUnusable(f"the store {path} is a SQLite file of another program; give --store another path")
    if version > len(MIGRATIONS):
        raise StoreTooNew(
            f"the store {path} has version {version}, written by a newer mockserver; this one reads {len(MIGRATIONS)}"
        )


def _migrate(db: sqlite3.Connection) -> None:
    db.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]  # typeshed knows sums of int alone
    for number, step in enumerate(MIGRATIONS[_pragma(db, "user_version") :], start=_pragma(db, "user_version") + 1):
        # one transaction a step: after a start that was killed half-way, the next one goes on
        db.executescript(
            f"BEGIN; {step}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}; COMMIT;"
        )
    db.execute("INSERT OR IGNORE INTO secrets (name, value) VALUES ('page', ?)", (os.urandom(32),))


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _write_error(path: Path) -> str | None:
    """The reason why the file cannot be written; SQLite reports it as an error of the disk."""
    try:
        path.open("r+b").close()
    except OSError as error:
        return f"it cannot be written: {_reason(error).lower()}"
    return None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
