"""Sessions that expire, seen at the moment they do.

A session expires by itself: nobody need look at it, and no transaction says so. While somebody listens to the news,
this looks: whenever a clock is moved, and each second besides.

Rule: it knows the latest 10,000 pending sessions; of older ones nobody is told that they have expired.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from mockserver.billing.checkout import Checkout
from mockserver.billing.clocks import Clocks
from mockserver.billing.events import Forgotten, News, SessionChanged
from mockserver.domain.errors import SessionNotFound
from mockserver.domain.session import CheckoutSession, Status

SECONDS: Final = 1.0
MOST: Final = 10_000
_PAGE: Final = 1_000
_AT_ONCE: Final = 100


class Lookout:
    """Tells the news of sessions whose time is over."""

    def __init__(self, checkout: Checkout, clocks: Clocks, news: News, *, seconds: float = SECONDS) -> None:
        self._checkout = checkout
        self._clocks = clocks
        self._news = news
        self._seconds = seconds
        self._pending: dict[str, tuple[str, datetime]] = {}
        self._wanted_by = 0
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Keep looking until the block ends; several may want it at a time."""
        self._wanted_by += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_out())
        try:
            yield
        finally:
            self._wanted_by -= 1
            if not self._wanted_by:
                self._task.cancel()
                self._task = None

    async def _look_out(self) -> None:
        with self._news.listening() as listener:
            await self._learn()
            while True:
                changes, missed = listener.taken()
                for change in changes:
                    if isinstance(change, SessionChanged):
                        self._note(change.session)
                    elif isinstance(change, Forgotten):
                        self._forget(change.account)
                if missed:
                    await self._learn()
                await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await listener.wait()

    async def _learn(self) -> None:
        """Find what is pending, the oldest noted first."""
        found: list[CheckoutSession] = []
        while len(found) < MOST:
            page = await self._checkout.list_all(limit=_PAGE, offset=len(found), status=Status.PENDING)
            found.extend(page)
            await asyncio.sleep(0)  # a store in memory never waits, and others want their turn
            if len(page) < _PAGE:
                break
        self._pending.clear()
        for session in reversed(found):
            self._note(session)

    def _note(self, session: CheckoutSession) -> None:
        if session.status is not Status.PENDING:
            self._pending.pop(session.id, None)
            return
        self._pending[session.id] = (session.account, session.expires_at)
        if len(self._pending) > MOST:
            del self._pending[next(iter(self._pending))]

    def _forget(self, account: str | None) -> None:
        self._pending = {
            name: known for name, known in self._pending.items() if account is not None and known[0] != account
        }

    async def _look(self) -> None:
        if not self._pending:
            return
        times = await self._clocks.times()
        # the newest first: it is those that somebody looks at
        newest = reversed(self._pending.items())
        due = [name for name, (account, expires_at) in newest if expires_at <= times.of(account)]
        for first in range(0, len(due), _AT_ONCE):
            await asyncio.gather(*map(self._tell, due[first : first + _AT_ONCE]))
            await asyncio.sleep(0)

    async def _tell(self, name: str) -> None:
        try:
            session, _ = await self._checkout.view(name)  # looking at it is what keeps it as expired
        except SessionNotFound:
            self._pending.pop(name, None)
            return
        if session.status is not Status.PENDING and name in self._pending:
            del self._pending[name]
            self._news.session(session)
