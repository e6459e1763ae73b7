"""`/_mock/requests`: the journal."""

from __future__ import annotations

from mockserver.billing import Accounts, EventBus
from mockserver.domain.path_pattern import path_matches
from mockserver.journal import JournalEntry, JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.journal_entry_json import journal_entry_json


class RequestsHandlers:
    """Show and delete the journal's entries."""

    def __init__(self, journal: JournalReader, accounts: Accounts, event_bus: EventBus) -> None:
        self._journal = journal
        self._accounts = accounts
        self._event_bus = event_bus
        self.methods = {
            "GET": Method(self.list, query=frozenset({"key", "method", "path", "status", "before", "limit"})),
            "DELETE": Method(self.forget, query=frozenset({"key"})),
        }

    async def list(self, request: ControlRequest) -> Reply:
        """List the matching entries, newest first."""
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        entry_filter = _EntryFilter(request.query)
        account = await read_account(request.query, self._accounts)
        entries = []
        async for entry in self._journal.newest_first(account, before=entry_filter.before):
            if entry_filter.takes(entry):
                entries.append(journal_entry_json(entry))
                if len(entries) == limit:
                    break
        return Reply.json({"requests": entries})

    async def forget(self, request: ControlRequest) -> Reply:
        """Delete the entries of one account, or all."""
        account = await read_account(request.query, self._accounts)
        await self._journal.forget(account)
        self._event_bus.publish_journal_cleared(account)
        return Reply.json({"requests": []})


class _EntryFilter:
    """The filter of a query. In a path `*` matches any text."""

    def __init__(self, query: Fields) -> None:
        self._path = query.text("path")
        self._method = (query.text("method") or "").upper()
        self._status = query.integer("status", default=0, least=100, most=599)
        self.before = query.integer("before", default=0, least=1) or None

    def takes(self, entry: JournalEntry) -> bool:
        """The entry matches."""
        matches_path = self._path is None or path_matches(self._path, entry.path)
        return matches_path and self._method in ("", entry.method) and self._status in (0, entry.status)
