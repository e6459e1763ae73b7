"""Look at a SQLite store without opening it: nothing is created, written or kept locked.

SQLite itself cannot look at a file in WAL mode without files beside it. So the marks are read from the file's head,
whose form is fixed. After a killed server a part of the marks may still be in the log; then the head is older. A file
in use is not read: if a process closes it, POSIX takes away the locks that the process has on it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from struct import unpack_from
from typing import Final
from urllib.parse import quote

from mockserver.store.errors import StoreInUse, StoreUnusable
from mockserver.store.sqlite.files.file_lock import check_hard_links, lock_path
from mockserver.store.sqlite.files.obstacles import obstacle
from mockserver.store.sqlite.marks import Marks, check_marks

LEAST_FREE: Final = 1_000_000
"""The bytes of free disk below which a store counts as full."""
_MAGIC: Final = b"SQLite format 3\0"
_HEAD: Final = 100


def inspect_sqlite(path: Path, *, is_shared: bool = False) -> str:
    """A sentence on a file that a server could open, alone or with others. Raises StoreError."""
    try:
        if (reason := obstacle(path)) is not None:
            raise StoreUnusable(f"the store {path} cannot be opened: {reason}")
        if not path.exists():
            return _new_file(path)
        check_hard_links(path)
        if _is_locked(path, is_shared=is_shared):
            raise StoreInUse(f"the store {path} is in use by a running server")
        head = _read_head(path)
        marks = _marks(head, path)
        check_marks(marks, path)
        _check_length(head, path)
        lock = lock_path(path)
        for each in (path, path.parent, *([lock] if lock.exists() else [])):
            _check_writable(each, path)
        _check_space(path.parent, path)
    except OSError as error:
        raise StoreUnusable(f"the store {path} cannot be opened: {(error.strerror or str(error)).lower()}") from error
    return f"the store {path} can be used; its version is {marks.version}"


def _new_file(path: Path) -> str:
    folder = next(parent for parent in path.parents if parent.exists())
    _check_writable(folder, path)
    _check_space(folder, path)
    return f"the store {path} is created at the first start"


def _check_writable(each: Path, path: Path) -> None:
    if not os.access(each, os.W_OK):
        raise StoreUnusable(f"the store {path} cannot be used: {each} cannot be written")


def _check_space(folder: Path, path: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise StoreUnusable(f"the store {path} cannot be used: the disk is full")


def _is_locked(path: Path, *, is_shared: bool) -> bool:
    """A server holds the lock beside the file, or one that shares it if it is wanted alone."""
    lock = lock_path(path)
    if not lock.exists():
        return False
    mode, statement = ("ro", "SELECT count(*) FROM sqlite_master") if is_shared else ("rw", "BEGIN EXCLUSIVE")
    with closing(sqlite3.connect(f"file:{quote(str(lock))}?mode={mode}", uri=True, timeout=0)) as db:
        try:
            db.execute(statement)
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        except sqlite3.DatabaseError:
            return False  # serve names the fault
    return False


def _read_head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _marks(head: bytes, path: Path) -> Marks:
    if not head:  # an empty file is an empty database
        return Marks(0, 0, 0)
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        raise StoreUnusable(f"the store {path} cannot be used: it is no SQLite file; give --store another path")
    return Marks(*(unpack_from(">i", head, offset)[0] for offset in (60, 68, 40)))


def _check_length(head: bytes, path: Path) -> None:
    """Raise StoreUnusable for a file that was cut off. One with a log is mended from it."""
    if not head or Path(f"{os.path.realpath(path)}-wal").exists():
        return
    changes, pages = unpack_from(">2I", head, 24)
    (valid_for,) = unpack_from(">I", head, 92)
    (size,) = unpack_from(">H", head, 16)
    # the number of pages holds if it was written by the latest change; the size of a page of 65,536 bytes is a 1
    if changes == valid_for and path.stat().st_size < pages * (65_536 if size == 1 else size):
        raise StoreUnusable(f"the store {path} cannot be used: the file is damaged, its end is missing")
