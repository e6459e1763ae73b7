"""Transactions of the store in PostgreSQL."""

from __future__ import annotations

from types import TracebackType

from mockserver.store.key_hints import KeyHints
from mockserver.store.postgres.checkpoints import CheckpointQueries
from mockserver.store.postgres.clocks.known import COUNT_CHANGE
from mockserver.store.postgres.connection.pool import LinkPool
from mockserver.store.postgres.faults import FaultQueries
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.restoration import RestorationQueries
from mockserver.store.postgres.text import escape


class PostgresTransaction(RestorationQueries, FaultQueries, CheckpointQueries):
    """See Transaction."""

    def __init__(self, pool: LinkPool, keys: LockKeys, key_hints: KeyHints, *, exclusive: bool) -> None:
        super().__init__(pool, keys, exclusive=exclusive)
        self._key_hints = key_hints
        self.forget_read()

    async def forget(self, account: str | None) -> None:
        self._allow_long()
        if account is None:
            self._lock_everything()
        else:
            await self._account(account)
        self._waiting.extend((*self._faults_lock(), COUNT_CHANGE))
        for table, column in (
            ("sessions", "account"),
            ("entries", "account"),
            ("consumption", "account"),
            ("invoices", "account"),
            ("clocks", "account"),
            ("faults", "account"),
            ("accounts", "id"),
        ):
            if account is None:
                self._later(f"DELETE FROM {table}")
            else:
                self._later(f"DELETE FROM {table} WHERE {column} = $1", escape(account))
        self.forget_read()


class TransactionBlock:
    """A transaction as an async context manager."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: PostgresTransaction) -> None:
        self._transaction = transaction

    async def __aenter__(self) -> PostgresTransaction:
        return self._transaction

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self._transaction.commit()
        else:
            await self._transaction.roll_back()
