"""Events of the mock and their subscribers.

Rule 1: an event is published after its transaction has ended, so its change is stored.
Rule 2: publishing never waits, and costs next to nothing without subscribers.
Rule 3: events of other servers reach every subscriber but the relay, which sends those of this server to them.
Rule 4: a subscription holds a bounded number of events. A slow subscriber loses the oldest ones and learns of the loss.
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
"""The number of events that wait in one subscription."""


class SessionChanged(NamedTuple):
    """A session was created, paid, declined or cancelled, or has expired; `session` is its new state."""

    session: CheckoutSession


class ClockMoved(NamedTuple):
    """A clock was moved. Account None means the common clock, and possibly every other."""

    account: str | None
    face: ClockFace


class AccountChanged(NamedTuple):
    """The credits or the name of an account have changed."""

    account: str


class AccountReset(NamedTuple):
    """An account was reset, or everything (None)."""

    account: str | None


class JournalCleared(NamedTuple):
    """The journal entries of an account were deleted, or all (None)."""

    account: str | None


BillingEvent = SessionChanged | ClockMoved | AccountChanged | AccountReset | JournalCleared


class Subscription:
    """The events that wait for one subscriber, of one account or of all (None)."""

    def __init__(self, account: str | None, *, most: int) -> None:
        self._account = account
        self._waiting: deque[BillingEvent] = deque(maxlen=most)
        self._wakeup = asyncio.Event()
        self._has_lost = False

    def concerns(self, account: str | None) -> bool:
        """An event of this account (None: of all) belongs to the subscription."""
        return account is None or self._account is None or account == self._account

    def add(self, event: BillingEvent) -> None:
        """Hold an event until it is taken."""
        self._has_lost = self._has_lost or len(self._waiting) == self._waiting.maxlen
        self._waiting.append(event)
        self.wake()

    def miss(self) -> None:
        """Let the subscriber learn of a loss."""
        self._has_lost = True
        self.wake()

    def wake(self) -> None:
        """End `wait`, with or without an event."""
        self._wakeup.set()

    async def wait(self) -> None:
        """Wait until `add` or `wake` is called."""
        await self._wakeup.wait()
        self._wakeup.clear()

    def take(self) -> tuple[list[BillingEvent], bool]:
        """Remove and return the waiting events, oldest first, and True if older ones were lost."""
        events, has_lost = list(self._waiting), self._has_lost
        self._waiting.clear()
        self._has_lost = False
        return events, has_lost


class EventBus:
    """Hands events to subscriptions."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._subscriptions: set[Subscription] = set()
        self._relay: Subscription | None = None
        self._closed: asyncio.Event | None = None
        self._is_closed = False

    @contextmanager
    def subscribe(self, account: str | None = None) -> Iterator[Subscription]:
        """A subscription to one account or to all, until the block ends."""
        subscription = Subscription(account, most=self._most)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    @contextmanager
    def relaying(self) -> Iterator[Subscription]:
        """The subscription of the relay to other servers, until the block ends. The relay announces journal entries."""
        with self.subscribe() as self._relay:
            try:
                yield self._relay
            finally:
                self._relay = None

    @property
    def has_subscribers(self) -> bool:
        """Somebody beside the relay has subscribed."""
        return bool(self._subscriptions - {self._relay})

    def publish_session(self, session: CheckoutSession) -> None:
        """Publish a session's new state."""
        if self._subscriptions:
            self._publish(session.account, SessionChanged(session))

    def publish_expiry(self, session: CheckoutSession) -> None:
        """Publish the new state of a session that has expired by itself. Other servers see that by themselves."""
        self.publish_from_peer(session.account, SessionChanged(session))

    def publish_clock(self, account: str | None, face: ClockFace) -> None:
        """Publish that a clock was moved."""
        if self._subscriptions:
            self._publish(account, ClockMoved(account, face))

    def publish_account(self, account: str) -> None:
        """Publish that an account's credits or its name have changed."""
        if self._subscriptions:
            self._publish(account, AccountChanged(account))

    def publish_reset(self, account: str | None) -> None:
        """Publish a reset."""
        if self._subscriptions:
            self._publish(account, AccountReset(account))

    def publish_journal_cleared(self, account: str | None) -> None:
        """Publish that journal entries were deleted."""
        if self._subscriptions:
            self._publish(account, JournalCleared(account))

    def publish_journal_entry(self, account: str | None) -> None:
        """Wake the subscribers for a new journal entry, which they read from the journal."""
        if self._relay is not None:
            self._relay.wake()
            return
        for subscription in self._subscriptions:
            if account is None or subscription.concerns(account):
                subscription.wake()

    def publish_from_peer(self, account: str | None, event: BillingEvent) -> None:
        """Publish an event of another server."""
        for subscription in self._subscriptions - {self._relay}:
            if subscription.concerns(account):
                subscription.add(event)

    def publish_peer_entries(self) -> None:
        """Wake the subscribers for journal entries that all servers can read now."""
        for subscription in self._subscriptions - {self._relay}:
            subscription.wake()

    def publish_gap(self) -> None:
        """Let the subscribers know that events of other servers may be lost."""
        for subscription in self._subscriptions - {self._relay}:
            subscription.miss()

    def close(self) -> None:
        """End the bus: no more events follow."""
        self._is_closed = True
        if self._closed is not None:
            self._closed.set()

    async def wait_closed(self) -> None:
        """Wait until the bus is closed."""
        if self._is_closed:
            return
        if self._closed is None:  # created here, on the event loop that waits for it
            self._closed = asyncio.Event()
        await self._closed.wait()

    def _publish(self, account: str | None, event: BillingEvent) -> None:
        for subscription in self._subscriptions:
            if subscription.concerns(account):
                subscription.add(event)
