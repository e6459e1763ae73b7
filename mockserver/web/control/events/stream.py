"""Server-sent events: a reply that continues until its client disconnects.

Rule 1: nothing waits for a client; a slow reader delays its own stream alone.
Rule 2: a stream ends when its client disconnects, and at once when the event bus ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.billing import EventBus
from mockserver.billing.events import Subscription
from mockserver.contract.profile.template_text import encode_json
from mockserver.store.patience import patience
from mockserver.web.http.reply import Reply

EVENT_STREAM: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
_CHUNK: Final = 32 * 1024
_OPENING: Final = b"retry: 2000\nid: %d\n: live\n\n"
_JOURNAL: Final = b"videodb-mock-journal"
_HEARTBEAT: Final = b": still here\n\n"

Events = Callable[[Subscription], AsyncIterator[bytes]]
"""Yields the events that a subscription has received since the last call."""


def render_event(name: str, value: Any, *, number: int | None = None) -> bytes:
    """One event with the value as JSON on one line. `number` is the position from which a client can resume."""
    head = f"event: {name}\n" if number is None else f"event: {name}\nid: {number}\n"
    return f"{head}data: {encode_json(value)}\n\n".encode()


class EventStream(Reply):
    """Send events until the client disconnects or the event bus ends."""

    __slots__ = ("_account", "_awake", "_event_bus", "_events", "_heartbeat", "_position")

    def __init__(
        self,
        events: Events,
        event_bus: EventBus,
        *,
        account: str | None,
        journal: str,
        position: int,
        awake: Callable[[], AbstractContextManager[None]],
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        super().__init__(200, media_type=EVENT_STREAM)
        # the length is unknown, and a proxy must not buffer the stream
        self.headers = [*(pair for pair in self.headers if pair[0] != b"content-length"), (b"x-accel-buffering", b"no")]
        self.headers.append((_JOURNAL, journal.encode("ascii")))
        self._events = events
        self._event_bus = event_bus
        self._account = account
        self._awake = awake
        self._position = position
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if scope["method"] != "HEAD":
            with self._event_bus.subscribe(self._account) as listener, self._awake():
                await _run_until_first(
                    self._send_events(listener, send), self._event_bus.wait_closed(), _wait_disconnect(receive)
                )
        await send({"type": "http.response.body", "body": b""})

    async def _send_events(self, listener: Subscription, send: Send) -> None:
        chunk = _OPENING % self._position  # a client that has received no exchange resumes from here
        while True:
            with patience():  # a stream outlives the patience of a request
                async for event in self._events(listener):
                    chunk += event
                    if len(chunk) >= _CHUNK:
                        await _send_chunk(chunk, send)
                        chunk = b""
            if chunk:
                await _send_chunk(chunk, send)
            chunk = b""
            try:
                async with asyncio.timeout(self._heartbeat):
                    await listener.wait()
            except TimeoutError:
                chunk = _HEARTBEAT


async def _send_chunk(chunk: bytes, send: Send) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await asyncio.sleep(0)  # `send` may return without waiting; let other tasks run


async def _wait_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _run_until_first(*coroutines: Coroutine[None, None, None]) -> None:
    """Run all coroutines until one ends; raises its exception."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
