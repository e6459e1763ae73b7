"""The store in PostgreSQL.

Rule 1: several servers share a schema. Transactions of different accounts run at the same time, on any of them.
Rule 2: the changes of an answered request are committed; how they survive a power failure is the database's setting.
Rule 3: nothing is known between transactions, since other servers change it.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from mockserver.store.key_hints import KeyHints
from mockserver.store.postgres.connection.address import parse_address
from mockserver.store.postgres.connection.pool import LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.peers.peers import PostgresPeers
from mockserver.store.postgres.preparation import prepare_schema
from mockserver.store.postgres.sessions.batches import SessionBatches
from mockserver.store.postgres.transaction import PostgresTransaction, TransactionBlock

if TYPE_CHECKING:
    from mockserver.domain.clock import Clock
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession


class PostgresStore:
    """A store in one schema."""

    def __init__(self, address: str) -> None:
        """Open the schema, and create it and its tables if they are missing. Raises StoreError."""
        parsed = parse_address(address)
        self.name = parsed.name
        self.secret = prepare_schema(parsed)
        self._keys = LockKeys(parsed.schema)
        self._pool = LinkPool(parsed)
        self.peers = PostgresPeers(parsed, self._pool, self._keys)
        self.key_hints = KeyHints()
        self._batches = SessionBatches(self._pool, self._keys, self.key_hints, self.peers.tell_of_wait)

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[PostgresTransaction]:
        """See Store.transaction."""
        return TransactionBlock(PostgresTransaction(self._pool, self._keys, self.key_hints, exclusive=exclusive))

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """See Store.create_session."""
        return await self._batches.create_session(account, create)

    async def clock(self, account: str | None) -> Clock:
        """See Store.clock."""
        async with self.transaction() as tx:
            return await tx.clock(account)

    def close(self) -> None:
        """See Store.close."""
        self._pool.close()
