"""The relay between the servers of a store: it stores the journal's entries, sends events, and publishes the others'.

Rule 1: requests never wait for it. It gathers for a moment, then stores and sends all at once. While the server waits
        for the store anyway, it prepares entries.
Rule 2: entries and events that cannot be stored or sent are tried again; the events are then reported as missed.
Rule 3: events of others are read from the store only if somebody has subscribed.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from mockserver.billing.event_messages import MISSED, decode_events, encode_events
from mockserver.billing.events import EventBus, Subscription
from mockserver.domain.errors import StoreUnavailable
from mockserver.store.background_task import BackgroundTask

if TYPE_CHECKING:
    from mockserver.billing import Checkout, Clocks
    from mockserver.journal.shared_journal import SharedJournal
    from mockserver.store.base import Peers

GATHER_SECONDS: Final = 0.08
_RETRY_SECONDS: Final = 0.5
_LAST_SECONDS: Final = 0.5
"""The time for the last entries at the end: a server that is stopped ends within a second."""
_MOST_RECEIVED: Final = 1_000

_log: Final = logging.getLogger(__name__)


class PeerRelay:
    """Sends what happens on this server, and publishes what happens on the others. See PeerListener."""

    def __init__(
        self, peers: Peers, event_bus: EventBus, journal: SharedJournal, checkout: Checkout, clocks: Clocks
    ) -> None:
        self._peers = peers
        self._event_bus = event_bus
        self._journal = journal
        self._checkout = checkout
        self._clocks = clocks
        self._received: asyncio.Queue[str] = asyncio.Queue(_MOST_RECEIVED)
        self._sending, self._publishing = BackgroundTask(), BackgroundTask()

    async def start(self) -> None:
        """Begin, on the running event loop."""
        await self._peers.start(self)
        self._sending.start(self._send_all())
        self._publishing.start(self._publish_all())

    async def stop(self) -> None:
        """Store and send the rest, and end."""
        for task in (self._sending, self._publishing):
            await task.stop()
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await self._journal.flush()
        await self._peers.stop()

    def take_message(self, message: str) -> None:
        """See PeerListener."""
        if self._received.full():
            self._event_bus.publish_gap()
        else:
            self._received.put_nowait(message)

    def take_entries(self) -> None:
        """See PeerListener."""
        self._event_bus.publish_peer_entries()

    def take_gap(self) -> None:
        """See PeerListener."""
        self._event_bus.publish_gap()

    def use_wait(self) -> None:
        """See PeerListener."""
        self._journal.encode_some()

    async def _send_all(self) -> None:
        with self._event_bus.relaying() as subscription:
            has_missed = False
            while True:
                await subscription.wait()
                await asyncio.sleep(GATHER_SECONDS)
                has_missed = not await self._send(subscription, has_missed=has_missed)
                if has_missed:
                    await asyncio.sleep(_RETRY_SECONDS)
                    subscription.wake()

    async def _send(self, subscription: Subscription, *, has_missed: bool) -> bool:
        events, has_lost = subscription.take()
        try:
            await self._journal.flush()
            messages = encode_events(events, has_missed=has_missed or has_lost)
            if messages:
                await self._peers.send(messages)
        except StoreUnavailable:
            return False
        except Exception:
            _log.exception("the other servers were not told of %d events", len(events))
        return True

    async def _publish_all(self) -> None:
        while True:
            message = await self._received.get()
            if not self._event_bus.has_subscribers:
                continue
            if message == MISSED:
                self._event_bus.publish_gap()
                continue
            try:
                for account, event in await decode_events(message, self._checkout, self._clocks):
                    self._event_bus.publish_from_peer(account, event)
            except StoreUnavailable:
                self._event_bus.publish_gap()
            except Exception:
                _log.exception("a message of another server was not understood")
                self._event_bus.publish_gap()
