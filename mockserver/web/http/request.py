"""An HTTP request, its body read up to the limit.

Rule 1: no more of a body is held in memory than the limit.
Rule 2: the refusal of a large body is sent at once; then the rest of the body is read and dropped for a while.
        If the connection closed while the client still sends, the client would lose the refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from time import perf_counter
from typing import Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.web.http.headers import headers_of
from mockserver.web.http.reply import Reply

DRAIN_BYTES: Final = 64 * 1024 * 1024
DRAIN_SECONDS: Final = 5.0

ACCOUNT_KEY: Final = "mockserver.account"
"""The key of the account in a request's scope; the recorder sets it, the request log reads it."""


class ClientDisconnected(Exception):
    """The client closed the connection before its request was complete."""


class Request:
    """A request. `body` is None if it is over the limit; `started` is a reading of `perf_counter`."""

    __slots__ = ("body", "header", "headers", "method", "path", "scope", "started")

    def __init__(self, scope: Scope, body: bytes | None = b"") -> None:
        self.started = perf_counter()
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers = headers_of(scope)
        self.header = self.headers.last
        """The header's value; the last one if it is repeated. The name is in lower case."""
        self.body = body

    @property
    def query(self) -> str:
        """The raw query string, without the question mark."""
        query: bytes = self.scope["query_string"]
        return query.decode("latin-1") if query else ""

    @property
    def encoded_path(self) -> str:
        """The path as it was sent, with its percent-encoding; empty if the server does not tell it."""
        raw: bytes = self.scope.get("raw_path") or b""
        return raw.partition(b"?")[0].decode("latin-1")

    def send_reply(self, reply: Reply, receive: Receive, send: Send) -> Awaitable[None]:
        """Send the reply, then drain a body that is over the limit."""
        if self.body is not None or reply.ends_connection:
            return reply(self.scope, receive, send)
        return self._send_and_drain(reply, receive, send)

    async def _send_and_drain(self, reply: Reply, receive: Receive, send: Send) -> None:
        reply.headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": reply.content, "more_body": True})
        await _drain(receive)
        await send({"type": "http.response.body", "body": b""})


async def read_request(scope: Scope, receive: Receive, *, limit: int) -> Request:
    """Read the request of `scope`; raises ClientDisconnected."""
    request = Request(scope)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):  # nearly every body arrives in one message
        body = message.get("body", b"")
        request.body = body if len(body) <= limit else None
        return request
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
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
