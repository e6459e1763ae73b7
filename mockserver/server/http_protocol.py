"""The server's HTTP protocol: a connection, its requests and the order in which they are answered.

Rule 1: a small body is read whole before the application begins; a large one, or one that waits for `100 Continue`, is
        read as the application asks for it. No more of a body is held than BODY_BUFFER and one read from the socket.
Rule 2: responses have the order of their requests. While a request waits behind another one, nothing more is read.
Rule 3: an idle connection is closed after a while; a server that stops closes connections after their response.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import ServerState

from mockserver.asgi import ASGIApp
from mockserver.server.bounds import Drain
from mockserver.server.http_exchange import HttpExchange
from mockserver.server.outbox import Outbox
from mockserver.server.request_reader import InvalidHttp, OversizedHead, RequestHead, RequestReader
from mockserver.web.http.connection import KEY, Connection

BODY_BUFFER: Final = 64 * 1024
_log: Final = logging.getLogger("uvicorn.error")


class HttpProtocol(asyncio.Protocol):
    """A connection of the server."""

    transport: asyncio.Transport

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if not config.loaded:
            config.load()
        self._app: ASGIApp = config.loaded_app
        self._loop = _loop or asyncio.get_event_loop()
        self._server = server_state
        self._state = app_state
        self._idle_seconds = config.timeout_keep_alive
        self._reader = RequestReader(self)
        # the request that arrives, the one that is answered, and those between
        self._arriving: HttpExchange | None = None
        self._current: HttpExchange | None = None
        self._task: asyncio.Task[None] | None = None
        self._turn: asyncio.Future[None] | None = None
        self._is_lost = False
        self.waiting: deque[HttpExchange] = deque()
        """The requests behind the one that is answered."""
        self._drain: Drain | None = None
        self._is_read_paused = False
        self.is_write_paused = False
        """The client reads more slowly than the application writes."""
        self._writable: asyncio.Future[None] | None = None
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default_header_lines: list[bytes] = []
        self._idle_since = 0.0
        self._idle_timer: asyncio.TimerHandle | None = None

    # the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # it is one
        """Begin."""
        self.transport = transport
        self._outbox = Outbox(transport, self._loop)
        self.write: Callable[[bytes], None] = self._outbox.write
        self.write_end: Callable[[bytes], None] = self._outbox.write_after_turn
        self._connection = Connection(transport)
        self._server.connections.add(self)  # type: ignore[arg-type] # uvicorn names its own protocols
        is_tls = isinstance(transport.get_extra_info("ssl_object"), ssl.SSLObject)
        self._scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "server": _address(transport.get_extra_info("sockname")),
            "client": _address(transport.get_extra_info("peername")),
            "scheme": "https" if is_tls else "http",
            "root_path": "",
            KEY: self._connection,
        }

    def connection_lost(self, exc: Exception | None) -> None:
        """End: nobody waits for the client any more."""
        self._server.connections.discard(self)
        self._outbox.clear()
        self._connection.mark_lost()
        self._is_lost = True
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(None)
        for exchange in (self._current, self._arriving):
            if exchange is not None:
                exchange.disconnect()
        self.waiting.clear()
        self.resume_writing()
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    def shutdown(self) -> None:
        """Close after the responses that are under way; uvicorn calls this when the server stops."""
        self._connection.stop()
        if self._current is None:
            self.close()
        else:
            self._close_after_responses()

    def eof_received(self) -> None:
        """Send what waits; then the transport closes."""
        self._outbox.flush()

    def close(self) -> None:
        """Close the connection when what was written has left."""
        self._outbox.close()

    def pause_writing(self) -> None:
        """Hold up the application: the client reads slowly."""
        self.is_write_paused = True

    def resume_writing(self) -> None:
        """Let the application write."""
        self.is_write_paused = False
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)

    async def drain(self) -> None:
        """Wait until the application may write."""
        while self.is_write_paused:
            self._writable = self._loop.create_future()
            await self._writable

    def resume_reading(self) -> None:
        """Read on, unless requests wait."""
        if self._is_read_paused and not self.waiting:
            self._is_read_paused = False
            self.transport.resume_reading()

    def _pause_reading(self) -> None:
        if not self._is_read_paused:
            self._is_read_paused = True
            self.transport.pause_reading()

    # the requests that arrive

    def data_received(self, data: bytes) -> None:
        """Read requests."""
        if self._drain is not None:
            self._drain.take(len(data))
            return
        try:
            self._reader.feed(data)
        except InvalidHttp as error:
            self._refuse_syntax(str(error))
        except OversizedHead:
            self._refuse_head()

    def begin_request(self, head: RequestHead) -> None:
        """Create the request."""
        scope = {
            **self._scope,
            "method": head.method,
            "path": head.path,
            "raw_path": head.raw_path,
            "query_string": head.query,
            "http_version": head.version,
            "headers": head.headers,
            "state": self._state.copy(),
        }
        self._arriving = HttpExchange(self, scope, keeps_alive=head.keeps_alive, expects_continue=head.expects_continue)
        if head.expects_continue:
            self._admit(self._arriving)

    def take_body(self, part: bytes) -> None:
        """Take a part of the body."""
        exchange = self._arriving
        if exchange is not None and exchange.add_body(part) > BODY_BUFFER:
            self._admit(exchange)
            self._pause_reading()

    def end_request(self) -> None:
        """End the request."""
        exchange, self._arriving = self._arriving, None
        if exchange is not None:
            exchange.end_body()
            self._admit(exchange)

    def _refuse_syntax(self, reason: str) -> None:
        """Answer 400 to what is no HTTP. Behind other requests it is not answered, but ends the connection."""
        _log.warning("a client sent no HTTP request: %s", reason)
        self._drain = Drain(self._outbox)
        if self._current is not None and self._current is not self._arriving:
            self._close_after_responses()
            return
        if self._current is None or not self._current.is_answered:
            self._drain.refuse_syntax(reason)
        self.close()

    def _refuse_head(self) -> None:
        self._drain = Drain(self._outbox)
        if self._current is not None:
            self._close_after_responses()
        else:
            self._drain.refuse_head(self._loop)

    # the order of the answers

    def _admit(self, exchange: HttpExchange) -> None:
        """Answer the request, or let it wait for the one before it."""
        if exchange.is_started:
            return
        exchange.is_started = True
        if self._current is None:
            self._start(exchange)
        else:
            self.waiting.append(exchange)
            self._pause_reading()

    def _start(self, exchange: HttpExchange) -> None:
        self._current = exchange
        if self._task is None:
            self._task = self._loop.create_task(self._answer())
            self._server.tasks.add(self._task)
            self._task.add_done_callback(self._server.tasks.discard)
        elif self._turn is not None and not self._turn.done():
            self._turn.set_result(None)

    async def _answer(self) -> None:
        """Answer one request after the other, in one task: a task for each would cost as much as a router."""
        while not self._is_lost:
            exchange = self._current
            if exchange is None:
                self._turn = self._loop.create_future()
                await self._turn
            else:
                await exchange.run(self._app)
                if self._current is exchange:  # it was not answered to its end: the connection closes
                    self._current = None
                elif self._current is not None:
                    await asyncio.sleep(0)  # the next request has come already; other connections have their turn

    def end_response(self, exchange: HttpExchange) -> None:
        """A response was written to its end: close, or go on with the next request."""
        self._server.total_requests += 1
        self._current = None
        if self.transport.is_closing():
            return
        if not exchange.keeps_alive:
            self.close()
            return
        if self.waiting:
            self._start(self.waiting.popleft())
        else:
            self._idle_since = self._loop.time()
            if self._idle_timer is None:
                self._idle_timer = self._loop.call_later(self._idle_seconds, self._close_idle)
        if self._is_read_paused:
            self.resume_reading()

    def _close_idle(self) -> None:
        """Close a connection that has been idle for long. One timer serves all of its requests."""
        self._idle_timer = None
        if self._current is not None or self._arriving is not None or self._reader.has_begun:
            return
        left = self._idle_since + self._idle_seconds - self._loop.time()
        if left > 0:
            self._idle_timer = self._loop.call_later(left, self._close_idle)
        else:
            self.close()

    @property
    def default_header_lines(self) -> list[bytes]:
        """The header lines of every response, such as the date; uvicorn renews them each second."""
        headers = self._server.default_headers
        if headers is not self._default_headers:
            self._default_headers = headers
            self._default_header_lines = [b"%b: %b\r\n" % header for header in headers]
        return self._default_header_lines

    def _close_after_responses(self) -> None:
        last = self.waiting[-1] if self.waiting else self._current
        if last is not None:
            last.keeps_alive = False


def _address(name: Any) -> tuple[str, int] | None:
    """The host and port of a socket's name; None for a socket without them."""
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None
