"""The connection a request came by: whether it still stands, and how it is broken off on purpose.

A server that wants its requests to know makes its protocol one of those that `known_to_requests` gives.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, cast

from starlette.types import ASGIApp, Receive, Scope, Send

KEY: Final = "mockserver.connection"
"""Where a request's scope has its connection."""

# on, for no time at all: what is unsent is dropped, and the peer is told so with a RST
_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """A client's connection to this server."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._is_broken_off = False
        self.ending = asyncio.Event()
        """Set once the client has hung up or the server is to stop."""
        self.lost = asyncio.Event()
        """Set once nothing can come or go any more."""

    def stop(self) -> None:
        """The server is to stop: nobody waits any longer."""
        self.ending.set()
        if self._is_broken_off:
            self._transport.abort()

    def lose(self) -> None:
        """It is over."""
        self.ending.set()
        self.lost.set()

    async def reset(self) -> None:
        """End it without another word, so that the client's next read or write fails."""
        if not self._transport.is_closing():
            with suppress(OSError):  # its socket may be over before its transport knows
                self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self._transport.abort()
        await self.lost.wait()

    async def close(self) -> None:
        """Send what was said so far, then end it."""
        self._is_broken_off = True
        self._transport.close()
        await self.lost.wait()


def connection_of(scope: Scope) -> Connection | None:
    """The connection of a request; None where its server does not tell."""
    found: Connection | None = scope.get(KEY)
    return found


async def stands_for(delay: timedelta, scope: Scope) -> bool:
    """Let time pass; whether the client was there all the while, and the server was not told to stop."""
    connection = connection_of(scope)
    if connection is None:
        await asyncio.sleep(delay.total_seconds())
        return True
    try:
        async with asyncio.timeout(delay.total_seconds()):
            await connection.ending.wait()
    except TimeoutError:
        return True
    return False


def known_to_requests(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """A protocol of uvicorn, whose requests know their connection."""
    return type(f"{protocol.__name__}KnownToRequests", (_KnownToRequests, protocol), {})


class _KnownToRequests(asyncio.Protocol):
    app: ASGIApp

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
        self._connection = Connection(cast("asyncio.Transport", transport))  # uvloop's are such by their ways alone
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.lose()
        if self._answering is not None and not self._answering.response_complete:
            # uvicorn tells only the request that came last, which may be waiting behind this one
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Uvicorn's word that the server is to stop."""
        self._connection.stop()
        super().shutdown()  # type: ignore[misc]  # asyncio's protocols have none, uvicorn's do
