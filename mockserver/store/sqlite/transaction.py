"""Transactions of the store in SQLite."""

from __future__ import annotations

from mockserver.store.one_by_one import OneByOne
from mockserver.store.sqlite.checkpoints import CheckpointStatements
from mockserver.store.sqlite.faults import FaultStatements
from mockserver.store.sqlite.ledger import LedgerStatements
from mockserver.store.sqlite.sessions import SessionStatements
from mockserver.store.sqlite.sharing.statements import SharingStatements


class SqliteTransaction(
    SessionStatements, LedgerStatements, FaultStatements, CheckpointStatements, SharingStatements, OneByOne
):
    """See Transaction."""

    async def forget(self, account: str | None) -> None:
        for table, column in (
            ("sessions", "account"),
            ("entries", "account"),
            ("consumption", "account"),
            ("invoices", "account"),
            ("clocks", "account"),
            ("faults", "account"),
            ("accounts", "id"),
        ):
            self._execute(f"DELETE FROM {table} WHERE ?1 IS NULL OR {column} = ?1", (account,))
        self.forget_known()
