"""The store in memory.

An account has a bounded number of sessions, so that a mock may serve for weeks; the oldest are dropped.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Final

from mockserver.store.key_hints import KeyHints
from mockserver.store.memory.session_table import RECENT, SessionTable
from mockserver.store.memory.tables import Tables
from mockserver.store.memory.transaction import MemoryTransaction

if TYPE_CHECKING:
    from mockserver.domain.clock import Clock
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession

SESSIONS: Final = 100_000
"""The sessions of an account, by default."""
_log: Final = logging.getLogger(__name__)


class MemoryStore:
    """A store in dictionaries; it ends with its process."""

    name = "memory"
    peers = None

    def __init__(self, *, most_sessions: int = SESSIONS, most_recent: int = RECENT) -> None:
        """An empty store that keeps so many sessions of an account, and the most recent ones as objects."""
        self._most_sessions = most_sessions
        self._logged: set[str] = set()
        self.secret = os.urandom(32)
        self._lock = asyncio.Lock()
        self.key_hints = KeyHints()
        self._tables = Tables(self.key_hints, SessionTable(most_recent=most_recent))

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[MemoryTransaction]:
        """See Store.transaction. One runs at a time."""
        return _LockedTransaction(self._lock, MemoryTransaction(self._tables))

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """See Store.create_session."""
        if self._lock.locked():
            async with self.transaction() as tx:
                session = create(await tx.clock(account), None)
                await tx.add_session(session)
        else:
            # no other task runs before the end, so this is a transaction without a lock
            session = create(self._tables.clock(account), None)
            self._tables.add_session(session)
        if len(self._tables.accounts[account].sessions) > self._most_sessions:
            self._drop_oldest(account)
        return session

    def close(self) -> None:
        """See Store.close."""

    async def clock(self, account: str | None) -> Clock:
        """See Store.clock."""
        if self._lock.locked():
            async with self.transaction() as tx:
                return await tx.clock(account)
        return self._tables.clock(account)

    def _drop_oldest(self, account: str) -> None:
        # a hundredth at a time: to remove the first of a list moves all others
        self._tables.drop_oldest_sessions(account, max(1, self._most_sessions // 100))
        if account not in self._logged:
            self._logged.add(account)
            _log.warning(
                "account %s has more than %d sessions; the store in memory drops its oldest ones"
                " (--store 'memory?sessions=N' keeps N)",
                account,
                self._most_sessions,
            )


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
