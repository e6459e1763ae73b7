"""Checkpoints: the write-ahead log is written back into the file, and starts anew.

Rule 1: a checkpoint runs in a thread with a connection of its own, in rounds. It waits for the disk; commits go on
        meanwhile, so each round leaves a shorter rest.
Rule 2: the last few pages are copied between two commits, by the connection that commits. Waiting for a lock instead
        would take longer: SQLite sleeps up to a tenth of a second between two tries.
Rule 3: a checkpoint that fails is tried again: the log holds what the file does not have.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

LOG_PAGES: Final = 8_000
"""The pages of the log from which it is written back, at most: 32 MB."""
_PAGES_OF_A_ROW: Final = 3
_PAGES_OF_A_COMMIT: Final = 2
"""The pages that a changed row and a commit add to the log, at most: one of the table and one of each index."""
_ROUNDS: Final = 10
_FEW_PAGES: Final = 50
"""The pages that a round may leave to the last step."""


class Checkpointer:
    """Writes the log of one file back whenever it is long."""

    def __init__(self, db: sqlite3.Connection, path: Path, *, log_pages: int = LOG_PAGES) -> None:
        self._db = db
        self._path = path
        self._log_pages = log_pages
        self._pages = 0
        self._rows = db.total_changes
        self._thread: threading.Thread | None = None
        self._file: int | None = None

    def count_commit(self) -> None:
        """Begin a checkpoint if the log may be long, or end one."""
        rows, self._rows = self._rows, self._db.total_changes
        self._pages += _PAGES_OF_A_COMMIT + _PAGES_OF_A_ROW * (self._rows - rows)
        if self._thread is not None:
            if not self._thread.is_alive():
                self._thread = None
                # the log starts anew with the next commit; to cut it off instead would take ten times as long
                with self._reported():
                    self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        elif self._pages >= self._log_pages:
            self._pages = 0
            self._thread = threading.Thread(target=self._copy_in_rounds, name="checkpoint", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Wait for a checkpoint that is running."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Release the file; its connections are closed already."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _sync(self) -> None:
        """Let the disk have what the rounds copied: the last step would wait for that."""
        if self._file is None:
            # kept open: if a process closes a file, POSIX takes away all its locks on it, those of SQLite too
            self._file = os.open(self._path, os.O_RDWR)
        os.fsync(self._file)

    def _copy_in_rounds(self) -> None:
        # a file that is gone must not be made anew
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        with self._reported():
            with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as db:
                before = 0
                for _ in range(_ROUNDS):
                    _, pages, _ = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                    if pages - before <= _FEW_PAGES:
                        break
                    before = pages
            self._sync()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            logging.getLogger(__name__).warning("the log of the store %s was not written back: %s", self._path, error)
