"""Publish the expiry of sessions.

A session expires without a request or a transaction. While an event stream is open, the watcher looks for due sessions
each second and whenever a clock moves.

Rule 1: the watcher follows the latest 10,000 pending sessions. The expiry of older ones is not published.
Rule 2: the servers of a store watch for themselves, so the expiry is published to the subscribers of this one alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from mockserver.billing.checkout import Checkout
from mockserver.billing.clocks import Clocks
from mockserver.billing.events import AccountReset, EventBus, SessionChanged
from mockserver.domain.errors import SessionNotFound, StoreUnavailable
from mockserver.domain.session import CheckoutSession, Status

SECONDS: Final = 1.0
MOST: Final = 10_000
_PAGE: Final = 1_000
_AT_ONCE: Final = 100


class ExpiryWatcher:
    """Publishes sessions that have expired."""

    def __init__(self, checkout: Checkout, clocks: Clocks, bus: EventBus, *, seconds: float = SECONDS) -> None:
        self._checkout = checkout
        self._clocks = clocks
        self._bus = bus
        self._seconds = seconds
        self._pending: dict[str, tuple[str, datetime]] = {}
        self._users = 0
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch until the block ends. Blocks may overlap."""
        self._users += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._task.cancel()
                self._task = None

    async def _watch(self) -> None:
        while True:
            try:
                await self._follow_changes()
            except StoreUnavailable:
                # the sessions that expire meanwhile are found when the store is back
                await asyncio.sleep(self._seconds)

    async def _follow_changes(self) -> None:
        with self._bus.subscribe() as subscription:
            await self._load_pending()
            while True:
                changes, missed = subscription.take()
                for change in changes:
                    if isinstance(change, SessionChanged):
                        self._follow(change.session)
                    elif isinstance(change, AccountReset):
                        self._drop(change.account)
                if missed:
                    await self._load_pending()
                await self._publish_due()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await subscription.wait()

    async def _load_pending(self) -> None:
        """Read the pending sessions, and follow them, the oldest first."""
        pending: list[CheckoutSession] = []
        while len(pending) < MOST:
            page = await self._checkout.list_all(limit=_PAGE, offset=len(pending), status=Status.PENDING)
            pending.extend(page)
            await asyncio.sleep(0)  # a store in memory never suspends, and other tasks must run
            if len(page) < _PAGE:
                break
        self._pending.clear()
        for session in reversed(pending):
            self._follow(session)

    def _follow(self, session: CheckoutSession) -> None:
        if session.status is not Status.PENDING:
            self._pending.pop(session.id, None)
            return
        self._pending[session.id] = (session.account, session.expires_at)
        if len(self._pending) > MOST:
            del self._pending[next(iter(self._pending))]

    def _drop(self, account: str | None) -> None:
        self._pending = {
            name: known for name, known in self._pending.items() if account is not None and known[0] != account
        }

    async def _publish_due(self) -> None:
        if not self._pending:
            return
        readings = await self._clocks.readings()
        # the newest first: people look at those
        newest = reversed(self._pending.items())
        due = [name for name, (account, expires_at) in newest if expires_at <= readings.of(account)]
        for first in range(0, len(due), _AT_ONCE):
            await asyncio.gather(*map(self._publish, due[first : first + _AT_ONCE]))
            await asyncio.sleep(0)

    async def _publish(self, name: str) -> None:
        try:
            session, _ = await self._checkout.view(name)  # this stores the expiry
        except SessionNotFound:
            self._pending.pop(name, None)
            return
        if session.status is not Status.PENDING and name in self._pending:
            del self._pending[name]
            self._bus.publish_expiry(session)
