"""`/_mock/requests`: the journal."""

from __future__ import annotations

from mockserver.billing import Accounts, EventBus
from mockserver.journal import JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.journal.entry_filter import FIELDS
from mockserver.web.control.journal.journal_search import JournalSearch
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.journal_entry_json import journal_entry_json


class RequestsHandlers:
    """Show and delete the journal's entries."""

    def __init__(self, search: JournalSearch, journal: JournalReader, accounts: Accounts, event_bus: EventBus) -> None:
        self._search = search
        self._journal = journal
        self._accounts = accounts
        self._event_bus = event_bus
        self.methods = {
            "GET": Method(self.list, query=FIELDS | {"limit"}),
            "DELETE": Method(self.forget, query=frozenset({"key"})),
        }

    async def list(self, request: ControlRequest) -> Reply:
        """List the matching entries, newest first."""
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        found = self._search.find(request.query, limit=limit)
        entries = [journal_entry_json(entry, operation=self._search.names.of(entry)) async for entry in found]
        return Reply.json({"requests": entries})

    async def forget(self, request: ControlRequest) -> Reply:
        """Delete the entries of one account, or all."""
        account = await read_account(request.query, self._accounts)
        await self._journal.forget(account)
        self._event_bus.publish_journal_cleared(account)
        return Reply.json({"requests": []})
