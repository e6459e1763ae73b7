"""What has changed, told to whoever listens.

Rule 1: a change is told when its transaction has ended: what is heard of is kept.
Rule 2: telling waits for nobody, and costs next to nothing while nobody listens.
Rule 3: who falls behind loses the oldest changes, and is told so; what waits for one listener is bounded.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mockserver.domain.clock import ClockFace
    from mockserver.domain.session import CheckoutSession

MOST: Final = 1_000
"""How many changes wait for one listener."""


class SessionChanged(NamedTuple):
    """A session was created, paid, declined, cancelled or has expired: the session since."""

    session: CheckoutSession


class ClockMoved(NamedTuple):
    """A clock was moved; account None: the common one, and maybe any."""

    account: str | None
    face: ClockFace


class CreditsChanged(NamedTuple):
    """The credits on an account are others than before."""

    account: str


class Forgotten(NamedTuple):
    """An account was reset, or (None) everything."""

    account: str | None


class JournalForgotten(NamedTuple):
    """The exchanges of an account were forgotten, or (None) all."""

    account: str | None


Change = SessionChanged | ClockMoved | CreditsChanged | Forgotten | JournalForgotten


class Listener:
    """What waits for one who listens, to one account or (None) to all."""

    def __init__(self, account: str | None, *, most: int) -> None:
        self._account = account
        self._waiting: deque[Change] = deque(maxlen=most)
        self._heard = asyncio.Event()
        self._has_missed = False

    def concerns(self, account: str | None) -> bool:
        """Whether news of an account (None: of all) is for this listener."""
        return account is None or self._account is None or account == self._account

    def hear(self, change: Change) -> None:
        """Keep a change until it is taken."""
        self._has_missed = self._has_missed or len(self._waiting) == self._waiting.maxlen
        self._waiting.append(change)
        self.wake()

    def wake(self) -> None:
        """End the waiting, though nothing may have changed."""
        self._heard.set()

    async def wait(self) -> None:
        """Wait until there is something to take."""
        await self._heard.wait()
        self._heard.clear()

    def taken(self) -> tuple[list[Change], bool]:
        """The changes that waited, oldest first, and whether older ones were lost."""
        taken, missed = list(self._waiting), self._has_missed
        self._waiting.clear()
        self._has_missed = False
        return taken, missed


class News:
    """Tells listeners of changes."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._listeners: set[Listener] = set()
        self._end: asyncio.Event | None = None
        self._has_ended = False

    @contextmanager
    def listening(self, account: str | None = None) -> Iterator[Listener]:
        """A listener to one account or to all, until the block ends."""
        listener = Listener(account, most=self._most)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def session(self, session: CheckoutSession) -> None:
        """Tell of a session's new state."""
        if self._listeners:
            self._tell(session.account, SessionChanged(session))

    def clock(self, account: str | None, face: ClockFace) -> None:
        """Tell of a clock that was moved."""
        if self._listeners:
            self._tell(account, ClockMoved(account, face))

    def credits(self, account: str) -> None:
        """Tell that an account's credits are others."""
        if self._listeners:
            self._tell(account, CreditsChanged(account))

    def forgotten(self, account: str | None) -> None:
        """Tell of a reset."""
        if self._listeners:
            self._tell(account, Forgotten(account))

    def journal_forgotten(self, account: str | None) -> None:
        """Tell that exchanges were forgotten."""
        if self._listeners:
            self._tell(account, JournalForgotten(account))

    def exchange(self, account: str | None) -> None:
        """Tell that the journal has one more; it is there that listeners find it."""
        for listener in self._listeners:
            if account is None or listener.concerns(account):
                listener.wake()

    def end(self) -> None:
        """Tell that there will be no more news."""
        self._has_ended = True
        if self._end is not None:
            self._end.set()

    async def ended(self) -> None:
        """Wait for the end of the news."""
        if self._has_ended:
            return
        if self._end is None:  # made here, on the event loop that waits for it
            self._end = asyncio.Event()
        await self._end.wait()

    def _tell(self, account: str | None, change: Change) -> None:
        for listener in self._listeners:
            if listener.concerns(account):
                listener.hear(change)
