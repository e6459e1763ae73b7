"""What a transaction says to SQLite, all of it."""

from __future__ import annotations

from mockserver.store.sqlite.faults import FaultRows
from mockserver.store.sqlite.ledger import LedgerRows
from mockserver.store.sqlite.sessions import SessionRows


class SqliteTransaction(SessionRows, LedgerRows, FaultRows):
    """See Transaction."""

    async def forget(self, account: str | None) -> None:
        for table, column in (
            ("sessions", "account"),
            ("entries", "account"),
            ("invoices", "account"),
            ("clocks", "account"),
            ("faults", "account"),
            ("accounts", "id"),
        ):
            self._do(f"DELETE FROM {table} WHERE ?1 IS NULL OR {column} = ?1", (account,))
