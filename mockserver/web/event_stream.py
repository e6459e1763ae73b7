"""Server-sent events: an answer that goes on for as long as its client listens.

Rule 1: nothing waits for a client; one that reads slowly holds up its own stream alone.
Rule 2: a stream ends when its client goes, and at once when the news end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.billing import EventBus
from mockserver.billing.events import Subscription
from mockserver.web.reply import Reply

EVENT_STREAM: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
_PIECE: Final = 32 * 1024
_OPENING: Final = b"retry: 2000\n: live\n\n"
_HEARTBEAT: Final = b": still here\n\n"

Events = Callable[[Subscription], AsyncIterator[bytes]]
"""Makes events of what a subscription has heard since it was asked last."""


def event(name: str, data: str, *, number: int | None = None) -> bytes:
    """One event, its data on one line; `number` is where a client may resume."""
    head = f"event: {name}\n" if number is None else f"event: {name}\nid: {number}\n"
    return f"{head}data: {data}\n\n".encode()


class EventStream(Reply):
    """Sends events until its client goes or the news end."""

    __slots__ = ("_account", "_awake", "_bus", "_events", "_heartbeat")

    def __init__(
        self,
        events: Events,
        bus: EventBus,
        *,
        account: str | None,
        awake: Callable[[], AbstractContextManager[None]],
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        super().__init__(200, media_type=EVENT_STREAM)
        # it has no length that is known, and a proxy that collects it would defeat it
        self.headers = [*(pair for pair in self.headers if pair[0] != b"content-length"), (b"x-accel-buffering", b"no")]
        self._events = events
        self._bus = bus
        self._account = account
        self._awake = awake
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if scope["method"] != "HEAD":
            with self._bus.subscribe(self._account) as subscription, self._awake():
                await _first_of(self._write(subscription, send), self._bus.wait_closed(), _gone(receive))
        await send({"type": "http.response.body", "body": b""})

    async def _write(self, subscription: Subscription, send: Send) -> None:
        piece = _OPENING
        while True:
            async for one in self._events(subscription):
                piece += one
                if len(piece) >= _PIECE:
                    await _sent(piece, send)
                    piece = b""
            if piece:
                await _sent(piece, send)
            piece = b""
            try:
                async with asyncio.timeout(self._heartbeat):
                    await subscription.wait()
            except TimeoutError:
                piece = _HEARTBEAT


async def _sent(piece: bytes, send: Send) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": True})
    await asyncio.sleep(0)  # sending may not wait at all, and others want their turn


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*ways: Coroutine[None, None, None]) -> None:
    """Go all ways until one of them ends; raises what it raises."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
