"""The journal as the control API reads it: that of this server, or one that several servers share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from secrets import token_hex
from typing import Protocol

from mockserver.journal.journal import Journal, JournalEntry


class JournalReader(Protocol):
    """See Journal. The methods are coroutines because a shared journal is across a network."""

    @property
    def identity(self) -> str:
        """Ids of exchanges belong to the journal of this identity."""

    async def newest(self) -> int:
        """The id of the latest entry, even if it was deleted; 0 before the first. It includes all of this server."""

    async def lost(self, account: str | None = None) -> int:
        """The id of the latest entry dropped for room, of all or possibly of one account; 0 without one."""

    def after(self, number: int, account: str | None = None) -> AsyncIterator[JournalEntry]:
        """The entries after an id, oldest first, of one account or of all. Entries may be added meanwhile."""

    def newest_first(self, account: str | None = None, *, before: int | None = None) -> AsyncIterator[JournalEntry]:
        """The entries of one account, or of all (None); those before an id if it is given."""

    async def forget(self, account: str | None = None) -> None:
        """Delete the entries of one account, or all (None)."""


class OwnJournal:
    """The journal of this server. See JournalReader."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.identity = token_hex(8)

    async def newest(self) -> int:
        return self._journal.newest

    async def lost(self, account: str | None = None) -> int:
        return self._journal.lost(account)

    async def after(self, number: int, account: str | None = None) -> AsyncIterator[JournalEntry]:
        for entry in self._journal.after(number, account):
            yield entry

    async def newest_first(
        self, account: str | None = None, *, before: int | None = None
    ) -> AsyncIterator[JournalEntry]:
        for entry in tuple(self._journal.newest_first(account)):  # entries may be added meanwhile
            if before is None or entry.id < before:
                yield entry

    async def forget(self, account: str | None = None) -> None:
        self._journal.forget(account)
