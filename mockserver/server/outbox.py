"""The bytes that a connection sends, in their order.

Rule: the end of a response is written at the end of the event loop's turn, with those of the other connections. The
      first of them wakes a client that sleeps, and the others find it awake; waking it costs as much as a router.
"""

from __future__ import annotations

import asyncio


class Outbox:
    """Writes to a transport."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport = transport
        self._write = transport.write
        self._held = b""

    def write(self, data: bytes) -> None:
        """Write at once."""
        self.flush()
        self._write(data)

    def write_after_turn(self, data: bytes) -> None:
        """Write at the end of this turn of the event loop. The connection may wait for requests meanwhile."""
        if self._held:
            self._held += data
        else:
            self._held = data
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits for the end of the turn."""
        if self._held:
            held, self._held = self._held, b""
            self._write(held)

    def clear(self) -> None:
        """Drop what waits: the connection is lost."""
        self._held = b""

    def close(self) -> None:
        """Close the connection when everything was sent."""
        self.flush()
        self._transport.close()
