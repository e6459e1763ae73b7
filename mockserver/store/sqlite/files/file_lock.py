"""The lock of a file: one server has it alone, or several share it.

It is a transaction on an empty file beside the store. The operating system releases it when its process dies, and
SQLite's own locks hold on every system.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from mockserver.store.errors import StoreError, StoreInUse, StoreUnusable
from mockserver.store.sqlite.files.obstacles import obstacle, unwritable_folder
from mockserver.store.sqlite.sharing.write_turn import is_busy

_PATIENCE_SECONDS: Final = 30.0
"""The longest wait for other processes that open the file: the first one may have to change its form."""
_PAUSE_SECONDS: Final = 0.01
_SHARE: Final = "SELECT count(*) FROM sqlite_master"


def lock_file(path: Path, *, is_shared: bool) -> sqlite3.Connection:
    """Lock the store at a path until the connection is closed. Its folders are created. Raises StoreError."""
    check_hard_links(path)
    try:
        if (reason := obstacle(path)) is not None:
            raise StoreUnusable(f"the store {path} cannot be opened: {reason}")
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _connect(path)
    except OSError as error:
        raise StoreUnusable(f"the store {path} cannot be opened: {reason_of(error).lower()}") from error
    except sqlite3.Error as error:
        reason = unwritable_folder(path) or reason_of(error)
        raise StoreUnusable(f"the store {path} cannot be opened: {reason}") from error
    try:
        if is_shared:
            lock.execute("BEGIN")
            lock.execute(_SHARE).fetchone()
        else:
            lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        lock.close()
        raise refusal_of(path, error) from error
    return lock


def check_hard_links(path: Path) -> None:
    """Raise StoreUnusable for a file with several names: each name has a log and a lock of its own."""
    with suppress(OSError):  # what cannot be read is refused when it is opened
        if path.is_file() and (names := path.stat().st_nlink) > 1:
            raise StoreUnusable(
                f"the store {path} cannot be used: its file has {names} names (hard links), and SQLite keeps a log"
                " beside each; remove the other names, or serve a copy"
            )


@contextmanager
def opening_alone(path: Path, *, is_shared: bool) -> Iterator[None]:
    """Let no other process open a locked file at the same time. Raises StoreError."""
    if not is_shared:
        yield
        return
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with closing(_connect(path)) as turn:
        while not _has_begun(turn, path, is_last=time.monotonic() > deadline):
            time.sleep(_PAUSE_SECONDS)  # SQLite's own wait would hold up Ctrl-C
        yield


def _has_begun(turn: sqlite3.Connection, path: Path, *, is_last: bool) -> bool:
    try:
        turn.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        if is_last or not is_busy(error):
            raise refusal_of(path, error) from error
        return False
    return True


def refusal_of(path: Path, error: sqlite3.Error) -> StoreError:
    """The error for a file that cannot be opened."""
    if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreInUse(f"the store {path} is in use by another server; stop that one, or give --store another path")
    return StoreUnusable(f"the store {path} cannot be used: {_write_error(path) or reason_of(error)}")


def reason_of(error: Exception) -> str:
    """The reason of an error, in the words of the system."""
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__


def lock_path(path: Path) -> Path:
    """The file beside the store that is locked. A symbolic link has the lock of its target, as it has its log."""
    return Path(f"{os.path.realpath(path)}.lock")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(lock_path(path), isolation_level=None, timeout=0, check_same_thread=False)


def _write_error(path: Path) -> str | None:
    """The reason why the file cannot be written; SQLite reports it as an error of the disk."""
    try:
        path.open("r+b").close()
    except OSError as error:
        return f"it cannot be written: {reason_of(error).lower()}"
    return None
