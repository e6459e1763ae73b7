"""The events of one client: changes from the event bus, exchanges from the journal.

A client resumes in the journal. Other changes are sent once and not stored.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from mockserver.asgi import Scope
from mockserver.billing.events import BillingEvent, Subscription
from mockserver.journal import JournalReader
from mockserver.web.control.events.stream import render_event
from mockserver.web.control.journal.operation_names import OperationNames
from mockserver.web.shapes.journal_entry_json import journal_entry_json

_LAST_EVENT_ID: Final = b"last-event-id"

RenderChange = Callable[[BillingEvent, Scope], Awaitable[bytes | None]]
"""Renders a change as an event; None if there is nothing to send."""


class EventFeed:
    """The events of one client, and its position in the journal."""

    def __init__(
        self,
        journal: JournalReader,
        names: OperationNames,
        scope: Scope,
        account: str | None,
        render_change: RenderChange,
    ) -> None:
        self._journal = journal
        self._names = names
        self._scope = scope
        self._account = account
        self._render_change = render_change
        self._lost = 0
        self._last = 0

    @property
    def position(self) -> int:
        """The id of the last exchange that the client has received or skipped."""
        return self._last

    async def start(self) -> EventFeed:
        """Take the client's last position, or that of the newest exchange."""
        last = _last_event_id(self._scope)
        self._last = await self._journal.newest() if last is None else last
        return self

    async def events(self, listener: Subscription) -> AsyncIterator[bytes]:
        """The events since the last call."""
        changes, has_missed = listener.take()
        has_lost = await self._has_lost()
        newest = await self._journal.newest()
        if self._last > newest:  # the position is from an earlier run of the mock: start over
            self._last, has_lost = 0, True
        if has_missed or has_lost:
            yield _missed(changes=has_missed, exchanges=has_lost)
        for change in changes:
            if event := await self._render_change(change, self._scope):
                yield event
        async for entry in self._journal.after(self._last, self._account):
            # a slow client: entries were dropped meanwhile
            if entry.id > self._last + 1 and await self._has_lost():
                yield _missed(changes=False, exchanges=True)
            self._last = entry.id
            exchange = journal_entry_json(entry, operation=self._names.of(entry))
            yield render_event("exchange", exchange, number=entry.id)
        self._last = max(self._last, newest)

    async def _has_lost(self) -> bool:
        """The journal dropped entries that this client has not received, and their loss is not yet reported."""
        lost = await self._journal.lost(self._account)
        is_new = lost > max(self._last, self._lost)
        self._lost = max(self._lost, lost)
        return is_new


def _missed(*, changes: bool, exchanges: bool) -> bytes:
    return render_event("missed", {"changes": changes, "exchanges": exchanges})


def _last_event_id(scope: Scope) -> int | None:
    given = [value for name, value in scope["headers"] if name == _LAST_EVENT_ID]
    return int(given[0]) if len(given) == 1 and given[0].isdigit() and len(given[0]) <= 18 else None
