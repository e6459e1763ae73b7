"""The store in memory."""

from __future__ import annotations

import asyncio
import os
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING

from mockserver.store.memory.tables import Tables
from mockserver.store.memory.transaction import MemoryTransaction

if TYPE_CHECKING:
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession


class MemoryStore:
    """A store in dictionaries; it ends with its process."""

    name = "memory"
    peers = None

    def __init__(self) -> None:
        self.secret = os.urandom(32)
        self._lock = asyncio.Lock()
        self._tables = Tables()

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[MemoryTransaction]:
        """See Store.transaction. One runs at a time."""
        return _LockedTransaction(self._lock, MemoryTransaction(self._tables))

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """See Store.create_session."""
        if self._lock.locked():
            async with self.transaction() as tx:
                session = create(await tx.clock(account), None)
                await tx.add_session(session)
                return session
        # no other task runs before the end, so this is a transaction without a lock
        session = create(self._tables.clock(account), None)
        self._tables.add_session(session)
        return session

    def close(self) -> None:
        """See Store.close."""


class _LockedTransaction:
    """A transaction under the store's lock. A generator would cost more than the transaction itself."""

    __slots__ = ("_lock", "_transaction")

    def __init__(self, lock: asyncio.Lock, transaction: MemoryTransaction) -> None:
        self._lock = lock
        self._transaction = transaction

    async def __aenter__(self) -> MemoryTransaction:
        await self._lock.acquire()
        return self._transaction

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._transaction.undo()
        finally:
            self._lock.release()
