"""The base of all SQL of a transaction: its statements, its savepoint, and new rows that wait.

Rule 1: a transaction has a savepoint from its first change on. One that only reads or adds waiting rows has none.
Rule 2: new rows wait until a statement or the commit of the group needs them, and go in together.
Rule 3: rows that cannot be added fail the whole group: their transactions have ended by then.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

LARGEST: Final = 2**63 - 1
"""The largest integer of SQLite."""


class Statements:
    """Statements on one connection, one transaction after the other."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._insert = ""
        self._waiting: list[tuple[Any, ...]] = []
        # The number of waiting rows that are of earlier transactions.
        self._earlier = 0
        self._has_savepoint = False
        self.failure: sqlite3.Error | None = None

    def begin(self) -> None:
        """Begin a transaction."""
        self._earlier = len(self._waiting)
        self._has_savepoint = False

    def end(self, *, commits: bool) -> None:
        """End the transaction: keep its changes, or undo them."""
        if not commits:
            del self._waiting[self._earlier :]
            self.forget_known()
            if self._has_savepoint:
                self._db.execute("ROLLBACK TO tx")
        if self._has_savepoint:
            self._db.execute("RELEASE tx")

    def flush(self) -> None:
        """Add the rows that wait. Raises the error of an earlier flush, too."""
        if self.failure is not None:
            raise self.failure
        try:
            rows, self._waiting = self._waiting, []
            earlier, own = rows[: self._earlier], rows[self._earlier :]
            self._earlier = 0
            if earlier:
                self._db.executemany(self._insert, earlier)
            if own:
                self._save()
                self._db.executemany(self._insert, own)
        except sqlite3.Error as error:
            self.failure = error
            raise

    def forget_known(self) -> None:
        """Forget what is known of the file's content: it may have been undone."""

    def reset(self) -> None:
        """Forget the group: its commit failed."""
        self._waiting.clear()
        self._earlier = 0
        self.failure = None
        self.forget_known()

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        if self._waiting:
            self.flush()
        if not sql.startswith("SELECT"):
            self._save()
        return self._db.execute(sql, parameters)

    def _add(self, insert: str, row: tuple[Any, ...]) -> None:
        """Add the row by this statement, the same for all rows that wait."""
        self._insert = insert
        self._waiting.append(row)

    def _save(self) -> None:
        if not self._has_savepoint:
            self._db.execute("SAVEPOINT tx")
            self._has_savepoint = True
