"""`/_mock/events`: what happens, as it happens, in the JSON of the calls that would be asked for it.

Exchanges come out of the journal, which is where a client resumes; other changes are told once, and not kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.types import Scope

from mockserver.billing import Accounts, EventBus
from mockserver.billing.events import (
    AccountReset,
    BillingEvent,
    ClockMoved,
    CreditsChanged,
    JournalCleared,
    SessionChanged,
    Subscription,
)
from mockserver.billing.expiry_watcher import ExpiryWatcher
from mockserver.journal import Journal
from mockserver.web.address import Address
from mockserver.web.control.accounts import account_json
from mockserver.web.control.clock import clock_json
from mockserver.web.control.noun import Call, Verb
from mockserver.web.control.requests import exchange_json
from mockserver.web.control.who import account_named
from mockserver.web.event_stream import EventStream, event
from mockserver.web.reply import Reply, json_text
from mockserver.web.session_json import session_json

_LAST: Final = b"last-event-id"


class EventsNoun:
    """Streams exchanges and changes."""

    def __init__(
        self, bus: EventBus, journal: Journal, accounts: Accounts, address: Address, expiry_watcher: ExpiryWatcher
    ) -> None:
        self._bus = bus
        self._journal = journal
        self._accounts = accounts
        self._address = address
        self._expiry_watcher = expiry_watcher
        self.verbs = {"GET": Verb(self.stream, query=frozenset({"key"}))}

    async def stream(self, call: Call) -> Reply:
        """The events of one account or of all, from now on or from after the exchange that the client had last."""
        account = await account_named(call.query, self._accounts)
        told = _Told(self, self._journal, call.scope, account)
        return EventStream(told.events, self._bus, account=account, awake=self._expiry_watcher.watching)

    async def told(self, change: BillingEvent, scope: Scope) -> bytes | None:
        """A change as an event; None where what it is about is gone already."""
        match change:
            case SessionChanged(session):
                shown = session_json(session, url=self._address.page_url(scope, session.id))
                return _event("session", shown)
            case ClockMoved(account, face):
                return _event("clock", {"account": account, **clock_json(face)})
            case CreditsChanged(account):
                found = await self._accounts.list(only=account, limit=1, offset=0)
                return _event("account", account_json(found[0])) if found else None
            case AccountReset(account):
                return _event("reset", {"reset": account or "everything"})
            case JournalCleared(account):
                return _event("forgotten", {"forgotten": account or "everything"})


class _Told:
    """How far one client has been told."""

    def __init__(self, noun: EventsNoun, journal: Journal, scope: Scope, account: str | None) -> None:
        self._noun = noun
        self._journal = journal
        self._scope = scope
        self._account = account
        self._lost = 0
        last = _last_event(scope)
        self._last = journal.newest if last is None else last

    async def events(self, subscription: Subscription) -> AsyncIterator[bytes]:
        """What has come since the last time."""
        changes, has_missed = subscription.take()
        has_lost = self._has_lost()
        if self._last > self._journal.newest:  # had of another run of the mock: all that is here is news
            self._last, has_lost = 0, True
        if has_missed or has_lost:
            yield _missed(changes=has_missed, exchanges=has_lost)
        for change in changes:
            if told := await self._noun.told(change, self._scope):
                yield told
        newest = self._journal.newest
        for exchange in self._journal.after(self._last, self._account):
            if self._has_lost():  # while this client took its time
                yield _missed(changes=False, exchanges=True)
            self._last = exchange.id
            yield event("exchange", json_text(exchange_json(exchange)), number=exchange.id)
        self._last = max(self._last, newest)

    def _has_lost(self) -> bool:
        """Whether exchanges have gone that this client was not told of, nor of their loss."""
        lost = self._journal.lost(self._account)
        is_new = lost > max(self._last, self._lost)
        self._lost = max(self._lost, lost)
        return is_new


def _missed(*, changes: bool, exchanges: bool) -> bytes:
    return _event("missed", {"changes": changes, "exchanges": exchanges})


def _event(name: str, value: Any) -> bytes:
    return event(name, json_text(value))


def _last_event(scope: Scope) -> int | None:
    given = [value for name, value in scope["headers"] if name == _LAST]
    return int(given[0]) if len(given) == 1 and given[0].isdigit() and len(given[0]) <= 18 else None
