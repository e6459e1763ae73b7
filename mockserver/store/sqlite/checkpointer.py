"""Checkpoints: the write-ahead log is written back into the file, and starts anew.

Rule 1: a checkpoint runs in a thread with a connection of its own, in rounds. It waits for the disk; commits go on
        meanwhile, so each round leaves a shorter rest.
Rule 2: the last few pages are copied between two commits, by the connection that commits. Waiting for a lock instead
        would take longer: SQLite sleeps up to a tenth of a second between two tries.
Rule 3: a checkpoint that fails is tried again: the log holds what the file does not have.
Rule 4: in a shared file, nobody writes during the last step. Otherwise the log might never start anew.
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
LOG_LIMIT: Final = 64_000_000
"""The bytes to which a longer log is cut when it starts anew: after a large change, or a long read elsewhere."""
_PAGES_OF_A_ROW: Final = 3
_PAGES_OF_A_COMMIT: Final = 2
"""The pages that a changed row and a commit add to the log, at most: one of the table and one of each index."""
_ROUNDS: Final = 10
LONG_LOG: Final = 16_000
"""The pages that no checkpoint can write back, from which the log is reported: 64 MB."""
_CHECKPOINT: Final = "PRAGMA wal_checkpoint(PASSIVE)"
_FEW_PAGES: Final = 50
"""The pages that a round may leave to the last step."""
_PAGE_BYTES: Final = 4_096

_log: Final = logging.getLogger(__name__)


class Checkpointer:
    """Writes the log of one file back whenever it is long."""

    def __init__(
        self, db: sqlite3.Connection, path: Path, *, is_shared: bool = False, log_pages: int = LOG_PAGES
    ) -> None:
        self._db = db
        self._path = path
        self._is_shared = is_shared
        self._log_pages = log_pages
        self._pages = 0
        self._rows = db.total_changes
        self._thread: threading.Thread | None = None
        self._file: int | None = None
        self._is_long = False

    def count_commit(self) -> None:
        """Begin a checkpoint if the log may be long, or end one."""
        rows, self._rows = self._rows, self._db.total_changes
        self._pages += _PAGES_OF_A_COMMIT + _PAGES_OF_A_ROW * (self._rows - rows)
        if self._thread is not None:
            if not self._thread.is_alive():
                self._copy_rest()
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

    def _copy_rest(self) -> None:
        """Copy the last pages. In a shared file it is tried again after the next commit if another process writes."""
        # the log starts anew with the next commit; to cut it off instead would take ten times as long
        with self._reported():
            if not self._is_shared:
                self._db.execute(_CHECKPOINT)
            else:
                try:
                    self._db.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    return
                with self._rolled_back(), closing(self._connect()) as other:
                    other.execute(_CHECKPOINT)
        self._thread = None

    @contextmanager
    def _rolled_back(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def _sync(self) -> None:
        """Let the disk have what the rounds copied: the last step would wait for that."""
        if self._file is None:
            # kept open: if a process closes a file, POSIX takes away all its locks on it, those of SQLite too
            self._file = os.open(self._path, os.O_RDWR)
        os.fsync(self._file)

    def _copy_in_rounds(self) -> None:
        with self._reported():
            with closing(self._connect()) as db:
                before = 0
                for _ in range(_ROUNDS):
                    _, pages, copied = db.execute(_CHECKPOINT).fetchone()
                    if pages - before <= _FEW_PAGES:
                        break
                    before = pages
                self._report_growth(pages - copied)
            self._sync()

    def _report_growth(self, pages: int) -> None:
        """Report once that so many pages must stay in the log: a transaction elsewhere began to read before them."""
        is_long = pages > LONG_LOG
        if is_long and not self._is_long:
            _log.warning(
                "the log of the store %s grows without end, %d MB now: another program reads the file in one"
                " transaction; end that program",
                self._path,
                pages * _PAGE_BYTES // 10**6,
            )
        self._is_long = is_long

    def _connect(self) -> sqlite3.Connection:
        # a file that is gone must not be made anew
        return sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            _log.warning("the log of the store %s was not written back: %s", self._path, error)
