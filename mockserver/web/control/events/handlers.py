"""`/_mock/events`: exchanges and changes as server-sent events, in the JSON of the other control calls."""

from __future__ import annotations

from mockserver.asgi import Scope
from mockserver.billing import Accounts, EventBus
from mockserver.billing.events import (
    AccountChanged,
    AccountReset,
    BillingEvent,
    ClockMoved,
    JournalCleared,
    SessionChanged,
)
from mockserver.billing.expiry_watcher import ExpiryWatcher
from mockserver.journal import JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.events.feed import EventFeed
from mockserver.web.control.events.stream import EventStream, render_event
from mockserver.web.control.journal.operation_names import OperationNames
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.account_json import account_json
from mockserver.web.shapes.clock_json import clock_json
from mockserver.web.shapes.session_json import session_json


class EventsHandlers:
    """Stream exchanges and changes."""

    def __init__(
        self,
        event_bus: EventBus,
        journal: JournalReader,
        names: OperationNames,
        accounts: Accounts,
        address: Address,
        expiry_watcher: ExpiryWatcher,
    ) -> None:
        self._event_bus = event_bus
        self._journal = journal
        self._names = names
        self._accounts = accounts
        self._address = address
        self._expiry_watcher = expiry_watcher
        self.methods = {"GET": Method(self.stream, query=frozenset({"key"}))}

    async def stream(self, request: ControlRequest) -> Reply:
        """Stream the events of one account or of all, from now on or after the client's last exchange."""
        account = await read_account(request.query, self._accounts)
        feed = await EventFeed(self._journal, self._names, request.scope, account, self._render_change).start()
        return EventStream(
            feed.events,
            self._event_bus,
            account=account,
            journal=self._journal.identity,
            position=feed.position,
            awake=self._expiry_watcher.watching,
        )

    async def _render_change(self, change: BillingEvent, scope: Scope) -> bytes | None:
        """A change as an event; None if its account has been deleted meanwhile."""
        match change:
            case SessionChanged(session):
                url = self._address.page_url(scope, session.id)
                return render_event("session", session_json(session, url=url))
            case ClockMoved(account, face):
                return render_event("clock", {"account": account, **clock_json(face)})
            case AccountChanged(account):
                found = await self._accounts.list(only=account, limit=1, offset=0)
                return render_event("account", account_json(found[0])) if found else None
            case AccountReset(account):
                return render_event("reset", {"reset": account or "everything"})
            case JournalCleared(account):
                return render_event("forgotten", {"forgotten": account or "everything"})
