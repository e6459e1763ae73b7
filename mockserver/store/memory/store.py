"""The store that ends with its process."""

from __future__ import annotations

import asyncio
import os
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from mockserver.store.memory.tables import Tables
from mockserver.store.memory.transaction import MemoryTransaction


class MemoryStore:
    """Keeps everything in dictionaries."""

    name = "memory"

    def __init__(self) -> None:
        self.secret = os.urandom(32)
        self._lock = asyncio.Lock()
        self._tables = Tables()

    def transaction(self) -> AbstractAsyncContextManager[MemoryTransaction]:
        """See Store.transaction."""
        return _Turn(self._lock, MemoryTransaction(self._tables))

    def close(self) -> None:
        """See Store.close."""


class _Turn:
    """A transaction's turn; a class, since a generator costs more than all that is done in it."""

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
