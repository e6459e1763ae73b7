"""The store that ends with its process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mockserver.store.memory_tables import Tables
from mockserver.store.memory_transaction import MemoryTransaction


class MemoryStore:
    """Keeps everything in dictionaries."""

    name = "memory"

    def __init__(self) -> None:
        self.secret = os.urandom(32)
        self._lock = asyncio.Lock()
        self._tables = Tables()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """See Store.transaction."""
        async with self._lock:
            transaction = MemoryTransaction(self._tables)
            try:
                yield transaction
            except BaseException:
                transaction.undo()
                raise

    def close(self) -> None:
        """See Store.close."""
