"""What every part of a SQLite transaction stands on."""

from __future__ import annotations

import sqlite3
from typing import Final

LARGEST: Final = 2**63 - 1
"""As far as SQLite counts."""


class Rows:
    """The statements of a connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._do = db.execute
