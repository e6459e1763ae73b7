"""The base of all SQL of a transaction."""

from __future__ import annotations

import sqlite3
from typing import Final

LARGEST: Final = 2**63 - 1
"""The largest integer of SQLite."""


class Statements:
    """Statements on one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._execute = db.execute
