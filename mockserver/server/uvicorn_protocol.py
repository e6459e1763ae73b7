"""uvicorn's HTTP protocol, bounded: `--http uvicorn` serves with it.

Rule 1: while a request waits behind another one of its connection, nothing more is read from it.
Rule 2: a request line and headers that are still incomplete after HEAD_LIMIT bytes are refused with 431 as they
        arrive. HeadGuard refuses complete ones, by their exact size.
Rule 3: an upgrade is ignored, as RFC 9110 (7.8) allows: the request is answered as if it had not asked for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.server.bounds import HEAD_LIMIT, Drain, head_of_body, reason_of, require_version, use_host_of_target
from mockserver.web.http.connection import KEY, Connection


class _PatientFlow(FlowControl):
    """Flow control that does not resume reading while requests wait."""

    def __init__(self, transport: asyncio.Transport, waiting: Any) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class BoundedProtocol(HttpToolsProtocol):
    """A connection of the server."""

    def __init__(self, *arguments: Any, **parts: Any) -> None:
        super().__init__(*arguments, **parts)
        self._head = 0
        self._is_in_head = True
        self._skips_head = False
        self._drain: Drain | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self.flow = _PatientFlow(transport, self.pipeline)

    def data_received(self, data: bytes) -> None:
        """Parse the bytes."""
        if self._drain is not None:
            self._drain.take(len(data))
            return
        self._unset_keepalive_if_required()
        if self._is_in_head:
            self._head += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            reason = reason_of(error, data)
            self.logger.warning("a client sent no HTTP request: %s", reason)
            Drain(self.transport).refuse_syntax(reason)
            self.transport.close()
        if self._is_in_head and self._head > HEAD_LIMIT:
            self._drain = Drain(self.transport)
            self._drain.refuse_head(self.loop)

    def on_message_begin(self) -> None:
        """Begin a request."""
        if not self._skips_head:
            self._is_in_head, self._head = True, 0
            super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's target."""
        if not self._skips_head:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers, which nobody reads, are dropped."""
        if self._is_in_head and not self._skips_head:
            # uvicorn's own lines: a second call for each header would be a percent of a checkout
            name = name.lower()
            if name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._is_in_head = False
        if self._skips_head:
            self._skips_head = False
        else:
            require_version(self.parser.get_http_version())
            use_host_of_target(self.url, self.headers)
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request."""
        self._is_in_head, self._head = True, 0
        super().on_message_complete()

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Read what follows the head as the request's body: the parser takes it for the other protocol."""
        head = head_of_body(self.headers)
        self.cycle.more_body = head is not None
        self.parser = httptools.HttpRequestParser(self)
        if head is not None:
            self._skips_head = True
            self.parser.feed_data(head)
        if rest:
            self.data_received(rest)


def connection_protocol(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """A subclass of a uvicorn protocol that puts the connection into each request's scope."""
    return type(f"{protocol.__name__}WithConnection", (_ConnectionProtocol, protocol), {})


class _ConnectionProtocol(asyncio.Protocol):
    app: ASGIApp
    transport: asyncio.Transport

    def __init__(self, *arguments: Any, **parts: Any) -> None:
        super().__init__(*arguments, **parts)
        self._served = self.app
        self._answering: Any = None
        self.app = self._answer

    def _answer(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope[KEY] = self._connection
        self._answering = getattr(send, "__self__", None)
        return self._served(scope, receive, send)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connection = Connection(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.mark_lost()
        if self._answering is not None and not self._answering.response_complete:
            # uvicorn informs only the last request, which may be queued behind this one
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Stop; uvicorn calls this when the server shuts down."""
        self._connection.stop()
        super().shutdown()  # type: ignore[misc]  # uvicorn's protocols have it, asyncio's do not
