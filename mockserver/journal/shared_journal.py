"""A journal that several servers share.

Rule 1: an exchange is recorded in the server's own journal, as ever. It is stored for all soon after, many at a time.
        They may be encoded before, while the server waits for the store.
Rule 2: a reader of the same server finds all that it has recorded: that is stored first.
Rule 3: entries that cannot be stored wait, within the bounds of the journal; the oldest are dropped, which is logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from mockserver.domain.instant import milliseconds
from mockserver.journal.entry_record import decode_entry, encode_entry
from mockserver.journal.journal import IN_ALL, PER_ACCOUNT, Journal, JournalEntry

_PAGE: Final = 100
_AT_ONCE: Final = 200
"""The entries of one message to the store."""
_IN_A_WAIT: Final = 40
"""The entries that are encoded during one wait: half a millisecond's work."""

_log: Final = logging.getLogger(__name__)


class JournalRow(NamedTuple):
    """An entry to be stored: its account, its time in milliseconds, the bytes that it takes, and its record."""

    account: str | None
    at_ms: int
    size: int
    record: str


class JournalBounds(NamedTuple):
    """The most entries of an account, entries in all, and bytes."""

    per_account: int = PER_ACCOUNT
    in_all: int = IN_ALL
    max_bytes: int = 0


class JournalStore(Protocol):
    """The rows of a shared journal. Each method raises StoreUnavailable."""

    async def add_rows(self, rows: Sequence[JournalRow], bounds: JournalBounds) -> None:
        """Store entries, drop the oldest ones for room, and let all servers know."""

    async def rows(
        self, account: str | None, *, after: int = 0, before: int | None = None, newest_first: bool = False, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Ids and records of entries, of one account or of all."""

    async def newest_row(self) -> int:
        """See JournalReader.newest."""

    async def lost_row(self, account: str | None) -> int:
        """See JournalReader.lost."""

    async def delete_rows(self, account: str | None, at_ms: int) -> None:
        """Delete entries, and those that were recorded before this time and come later."""


class SharedJournal:
    """See JournalReader."""

    identity = "shared"

    def __init__(self, own: Journal, store: JournalStore, real_time: Callable[[], datetime], *, max_bytes: int) -> None:
        self._own = own
        self._store = store
        self._real_time = real_time
        self._bounds = JournalBounds(max_bytes=max_bytes)
        self._taken: deque[JournalEntry] = deque()
        """Entries that are not encoded yet."""
        self._unsent: list[JournalRow] = []
        self._lock = asyncio.Lock()

    async def flush(self) -> None:
        """Store what this server has recorded. Raises StoreUnavailable; the entries then wait for the next call."""
        async with self._lock:
            self._taken.extend(self._own.take_all())
            self._encode(len(self._taken))
            self._drop_for_room()
            while self._unsent:
                sent = self._unsent[:_AT_ONCE]
                await self._store.add_rows(sent, self._bounds)
                del self._unsent[: len(sent)]

    def encode_some(self) -> None:
        """Encode the oldest entries of this server: work that the next `flush` need not do."""
        if not self._taken:
            self._taken.extend(self._own.take_all())
        self._encode(min(len(self._taken), _IN_A_WAIT))

    async def newest(self) -> int:
        await self.flush()
        return await self._store.newest_row()

    async def lost(self, account: str | None = None) -> int:
        return await self._store.lost_row(account)

    async def after(self, number: int, account: str | None = None) -> AsyncIterator[JournalEntry]:
        while page := await self._store.rows(account, after=number, limit=_PAGE):
            for number, record in page:  # the next page begins after the last entry
                yield decode_entry(number, record)

    async def newest_first(
        self, account: str | None = None, *, before: int | None = None
    ) -> AsyncIterator[JournalEntry]:
        await self.flush()
        while page := await self._store.rows(account, before=before, newest_first=True, limit=_PAGE):
            for before, record in page:
                yield decode_entry(before, record)

    async def forget(self, account: str | None = None) -> None:
        await self.flush()
        await self._store.delete_rows(account, milliseconds(self._real_time()))

    def _encode(self, count: int) -> None:
        for _ in range(count):
            entry = self._taken.popleft()
            self._unsent.append(JournalRow(entry.account, milliseconds(entry.at), entry.size, encode_entry(entry)))

    def _drop_for_room(self) -> None:
        kept = size = 0
        for row in reversed(self._unsent):
            size += row.size
            if kept == self._bounds.in_all or (size > self._bounds.max_bytes and kept):
                break
            kept += 1
        if dropped := len(self._unsent) - kept:
            del self._unsent[:dropped]
            _log.warning("the journal has lost %d exchanges, since the store could not take them", dropped)
