"""The connection of a request: wait while it is open, close it early, or reset it.

The protocols of `mockserver.server` put it into the scope of their requests.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Final

from mockserver.asgi import Scope

KEY: Final = "mockserver.connection"
"""The key of the connection in a request's scope."""

# linger for zero seconds: unsent data is dropped, and the peer receives a RST
_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """A client's connection to this server."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._is_closing_early = False
        self.ending = asyncio.Event()
        """Set when the client disconnects or the server shuts down."""
        self.lost = asyncio.Event()
        """Set when the connection is lost."""

    def stop(self) -> None:
        """Wake waiting requests: the server shuts down."""
        self.ending.set()
        if self._is_closing_early:
            self._transport.abort()

    def mark_lost(self) -> None:
        """Wake everything that waits for the connection: it is lost."""
        self.ending.set()
        self.lost.set()

    async def reset(self) -> None:
        """Reset the connection: the client's next read or write fails."""
        if not self._transport.is_closing():
            with suppress(OSError):  # the socket may be closed before the transport knows
                self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self._transport.abort()
        await self.lost.wait()

    async def close(self) -> None:
        """Send the buffered data, then close the connection."""
        self._is_closing_early = True
        self._transport.close()
        await self.lost.wait()


def connection_of(scope: Scope) -> Connection | None:
    """The connection of a request; None if its server did not set one."""
    found: Connection | None = scope.get(KEY)
    return found


async def wait_connected(delay: timedelta, scope: Scope) -> bool:
    """Wait for `delay`; False if the client disconnects or the server shuts down meanwhile."""
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
