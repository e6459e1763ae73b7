"""One request on a connection and its response, as the ASGI application sees them.

Rule 1: a response leaves in as few writes as possible: its head waits for the first part of its body, as ASGI asks.
Rule 2: a response ends with exactly the bytes that its head has announced; otherwise the connection is closed.
Rule 3: after the client disconnected, nothing is sent, and the application reads `http.disconnect`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol

from mockserver.asgi import ASGIApp, Message, Scope

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_LAST_CHUNK: Final = b"0\r\n\r\n"
_DISCONNECT: Final[Message] = {"type": "http.disconnect"}
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_STATUS_LINES: Final = {
    status: f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\n".encode() for status in range(100, 600)
}
_BODILESS: Final = frozenset({204, 304})
_log: Final = logging.getLogger("uvicorn.error")


class ExchangeConnection(Protocol):
    """The connection of an exchange, as far as the exchange uses it."""

    is_write_paused: bool
    """The client reads more slowly than the application writes."""

    write: Callable[[bytes], None]
    """Send bytes."""

    write_end: Callable[[bytes], None]
    """Send the end of a response."""

    @property
    def default_header_lines(self) -> Sequence[bytes]:
        """The header lines of every response."""

    async def drain(self) -> None:
        """Wait until the application may write."""

    def resume_reading(self) -> None:
        """Read on: the application waits for the request."""

    def end_response(self, exchange: HttpExchange) -> None:
        """The response was written to its end."""

    def close(self) -> None:
        """Close the connection when what was written has left."""


class HttpExchange:
    """One request and its response. The connection fills the request in; the application reads it and answers."""

    __slots__ = (
        "_body",
        "_change",
        "_connection",
        "_head",
        "_is_chunked",
        "_is_read",
        "_left",
        "expects_continue",
        "is_complete",
        "is_disconnected",
        "is_started",
        "is_whole",
        "keeps_alive",
        "scope",
    )

    def __init__(
        self, connection: ExchangeConnection, scope: Scope, *, keeps_alive: bool, expects_continue: bool
    ) -> None:
        self.scope = scope
        self.keeps_alive = keeps_alive
        self.expects_continue = expects_continue
        self.is_started = False
        """The application has begun to work."""
        self.is_whole = False
        """The request has arrived to its end."""
        self.is_complete = False
        """The response was written to its end."""
        self.is_disconnected = False
        self._connection = connection
        self._body: bytes | bytearray = b""
        self._is_read = False
        self._change: asyncio.Future[None] | None = None
        # None before the response starts; empty after the head was written
        self._head: bytes | None = None
        self._is_chunked = False
        # the announced bytes that are still to come; None for a body that ends with the connection
        self._left: int | None = 0

    def add_body(self, part: bytes) -> int:
        """Add a part of the request's body; the number of bytes that nobody has read.

        After the response, the rest of the body is dropped.
        """
        if self.is_complete:
            return 0
        if not self._body:  # nearly every body arrives in one part
            self._body = part
        else:
            self._body = bytearray(self._body) if isinstance(self._body, bytes) else self._body
            self._body += part
        if self._change is not None:
            self._wake()
        return len(self._body)

    def end_body(self) -> None:
        """The request has arrived to its end."""
        self.is_whole = True
        if self._change is not None:
            self._wake()

    def disconnect(self) -> None:
        """The client is gone."""
        self.is_disconnected = True
        self._wake()

    async def run(self, app: ASGIApp) -> None:
        """Let the application answer. A defect of it is logged, and answered with 500 where nothing was sent.

        A request that is cancelled has no answer: its changes may be stored, or not.
        """
        try:
            await app(self.scope, self.receive, self.send)
        except asyncio.CancelledError:  # the server ends, and has waited for long enough
            self._connection.close()
            raise
        except BaseException as error:
            _log.error("Exception in ASGI application\n", exc_info=error)
            self._fail()
        else:
            if not self.is_complete and not self.is_disconnected:
                _log.error("the application ended without completing its response")
                self._fail()

    @property
    def is_answered(self) -> bool:
        """A part of the response was written."""
        return self._head == b""

    async def receive(self) -> Message:
        """The next part of the request; `http.disconnect` after the response or after the connection has ended."""
        while not self.is_complete and not self.is_disconnected:
            if not self._is_read and (self._body or self.is_whole):
                body, self._body = self._body, b""
                self._is_read = self.is_whole
                return {"type": "http.request", "body": bytes(body), "more_body": not self.is_whole}
            if self.expects_continue and self._head is None:
                self.expects_continue = False
                self._connection.write(_CONTINUE)
            self._connection.resume_reading()
            self._change = asyncio.get_running_loop().create_future()
            await self._change
        return _DISCONNECT

    async def send(self, message: Message) -> None:
        """Send the head or a part of the response. Raises RuntimeError for what is no HTTP."""
        connection = self._connection
        if connection.is_write_paused and not self.is_disconnected:
            await connection.drain()
        if self.is_disconnected:
            return
        kind = message["type"]
        if self._head is None:
            if kind != "http.response.start":
                raise RuntimeError(f"the response begins with {kind!r}; http.response.start is needed")
            self._head = self._render_head(message["status"], message.get("headers", ()))
            return
        if kind != "http.response.body" or self.is_complete:
            raise RuntimeError(f"there is a message {kind!r} after the {'end' if self.is_complete else 'head'}")
        more = message.get("more_body", False)
        data = self._framed(message.get("body", b""), more=more)
        if self._head:
            data, self._head = self._head + data, b""
        if data:
            (connection.write if more else connection.write_end)(data)
        if not more:
            self._complete()

    def _complete(self) -> None:
        if self._left and self.scope["method"] != "HEAD":
            raise RuntimeError(f"the response ends {self._left} bytes before its Content-Length")
        self.is_complete = True
        if self._change is not None:
            self._wake()
        self._connection.end_response(self)

    def _wake(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)

    def _render_head(self, status: int, headers: Any) -> bytes:
        lines = [_STATUS_LINES[status], *self._connection.default_header_lines]
        lines += [b"%b: %b\r\n" % header for header in headers]
        count = len(lines)
        framing = self._frame(status, headers)
        if framing:
            lines.append(framing)
        lines.append(b"\r\n")
        head = b"".join(lines)
        # a line break inside a header would begin another header, or the body
        if head.count(b"\n") != count + framing.count(b"\n") + 1 or head.count(b"\r") != head.count(b"\n"):
            raise RuntimeError("a header of the response has a line break")
        return head

    def _frame(self, status: int, headers: Any) -> bytes:
        """Find the length of the body; the header lines that are missing."""
        fields = dict(headers)
        if b"content-length" not in fields:  # an application writes names in lower case, a planned fault as it likes
            fields = {name.lower(): value for name, value in headers}
        connection = fields.get(b"connection")
        if connection is not None and b"close" in connection.lower():
            self.keeps_alive = False
        length = fields.get(b"content-length")
        lines = b""
        if length is not None and status not in _BODILESS:
            self._left = int(length)
        elif b"transfer-encoding" in fields:
            self._is_chunked = True
        elif status in _BODILESS or self.scope["method"] == "HEAD":
            self._left = 0
        elif self.scope["http_version"] == "1.0":
            self._left, self.keeps_alive = None, False
        else:
            self._is_chunked, lines = True, b"transfer-encoding: chunked\r\n"
        if not self.keeps_alive and connection is None:
            lines += b"connection: close\r\n"
        return lines

    def _framed(self, body: bytes, *, more: bool) -> bytes:
        """A part of the body as it is written."""
        if self.scope["method"] == "HEAD":
            return b""
        if self._is_chunked:
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            return chunk if more else chunk + _LAST_CHUNK
        if self._left is not None:
            if len(body) > self._left:
                raise RuntimeError("the response is longer than its Content-Length")
            self._left -= len(body)
        return body

    def _fail(self) -> None:
        """Answer 500 if nothing was sent; otherwise close the connection."""
        if self.is_complete or self.is_disconnected:
            return
        if self.is_answered:
            self._connection.close()
            return
        self.keeps_alive = False
        text = b"Internal Server Error"
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
        head = self._render_head(HTTPStatus.INTERNAL_SERVER_ERROR, headers)
        self._head, self._left = b"", 0
        self._connection.write(head if self.scope["method"] == "HEAD" else head + text)
        self._complete()
