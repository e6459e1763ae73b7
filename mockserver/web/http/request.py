"""A request as it came in, its body read up to the limit.

Rule 1: no more of a body is ever held than the limit.
Rule 2: who sends too much is told at once, then listened to for a while: closing a connection on a client that is
        still sending would lose it the answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.web.http.reply import Header, Reply

DRAIN_BYTES: Final = 64 * 1024 * 1024
DRAIN_SECONDS: Final = 5.0


class ClientGone(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


@dataclass(eq=False, repr=False)
class Incoming:
    """A request; `body` is None where it is over the limit, `started` a reading of the performance counter."""

    scope: Scope
    method: str
    path: str
    headers: list[Header]
    body: bytes | None
    started: float = field(default_factory=perf_counter)

    @property
    def query(self) -> str:
        """The query string as it was sent, without the question mark."""
        query: bytes = self.scope["query_string"]
        return query.decode("latin-1")

    def header(self, name: bytes) -> str | None:
        """The header of that lower-case name; the last, where there are several."""
        found = None
        for key, value in self.headers:
            if key == name:
                found = value
        return None if found is None else found.decode("latin-1")

    async def answer(self, reply: Reply, receive: Receive, send: Send) -> None:
        """Send the reply."""
        if self.body is not None or reply.ends_connection:
            await reply(self.scope, receive, send)
            return
        reply.headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": reply.content, "more_body": True})
        await _drain(receive)
        await send({"type": "http.response.body", "body": b""})


async def incoming(scope: Scope, receive: Receive, *, limit: int) -> Incoming:
    """The request of `scope`, read; raises ClientGone."""
    request = Incoming(scope, scope["method"], scope["path"], scope["headers"], b"")
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):  # nearly every body comes in one piece
        body = message.get("body", b"")
        request.body = body if len(body) <= limit else None
        return request
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            request.body = None
            return request
        parts.append(part)
        if not message.get("more_body"):
            request.body = b"".join(parts)
            return request
        message = await receive()


async def _drain(receive: Receive) -> None:
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return
