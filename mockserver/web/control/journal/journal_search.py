"""The search of the journal that a control request asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from mockserver.billing import Accounts
from mockserver.journal import JournalEntry, JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.journal.entry_filter import EntryFilter
from mockserver.web.control.journal.operation_names import OperationNames

_AT_ONCE: Final = 100
"""The entries that are looked at before other tasks run: the search for violations judges each response."""


class JournalSearch:
    """Finds entries by the fields of a query."""

    def __init__(self, journal: JournalReader, accounts: Accounts, names: OperationNames) -> None:
        self._journal = journal
        self._accounts = accounts
        self.names = names

    async def find(self, query: Fields, *, limit: int) -> AsyncIterator[JournalEntry]:
        """The matching entries, newest first. Raises InvalidRequest and NotFound."""
        entry_filter = EntryFilter(query, self.names)
        account = await read_account(query, self._accounts)
        looked_at = found = 0
        async for entry in self._journal.newest_first(account, before=entry_filter.before):
            looked_at += 1
            if looked_at % _AT_ONCE == 0:
                await asyncio.sleep(0)
            if entry_filter.takes(entry):
                yield entry
                found += 1
                if found == limit:
                    return
