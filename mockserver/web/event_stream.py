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

from mockserver.billing import News
from mockserver.billing.events import Listener
from mockserver.web.reply import Reply

EVENT_STREAM: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
_PIECE: Final = 32 * 1024
_OPENING: Final = b"retry: 2000\n: live\n\n"
_HEARTBEAT: Final = b": still here\n\n"

Events = Callable[[Listener], AsyncIterator[bytes]]
"""Makes events of what a listener has heard since it was asked last."""


def event(name: str, data: str, *, number: int | None = None) -> bytes:
    """One event, its data on one line; `number` is where a client may resume."""
    head = f"event: {name}\n" if number is None else f"event: {name}\nid: {number}\n"
    return f"{head}data: {data}\n\n".encode()


class EventStream(Reply):
    """Sends events until its client goes or the news end."""

    __slots__ = ("_account", "_awake", "_events", "_heartbeat", "_news")

    def __init__(
        self,
        events: Events,
        news: News,
        *,
        account: str | None,
        awake: Callable[[], AbstractContextManager[None]],
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        super().__init__(200, media_type=EVENT_STREAM)
        # it has no length that is known, and a proxy that collects it would defeat it
        self.headers = [*(pair for pair in self.headers if pair[0] != b"content-length"), (b"x-accel-buffering", b"no")]
        self._events = events
        self._news = news
        self._account = account
        self._awake = awake
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if scope["method"] != "HEAD":
            with self._news.listening(self._account) as listener, self._awake():
                await _first_of(self._write(listener, send), self._news.ended(), _gone(receive))
        await send({"type": "http.response.body", "body": b""})

    async def _write(self, listener: Listener, send: Send) -> None:
        piece = _OPENING
        while True:
            async for one in self._events(listener):
                piece += one
                if len(piece) >= _PIECE:
                    await _sent(piece, send)
                    piece = b""
            if piece:
                await _sent(piece, send)
            piece = b""
            try:
                async with asyncio.timeout(self._heartbeat):
                    await listener.wait()
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
