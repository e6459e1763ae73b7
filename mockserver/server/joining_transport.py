"""A transport that joins the head of an answer with its body, so that the kernel gets both in one write.

uvicorn writes them one after the other, and uvloop hands each to the kernel at once: that costs a second system call,
and the client wakes twice. A head without a body in the same turn of the event loop goes out at the end of the turn.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

_HEAD: Final = b"HTTP/1.1 "
_INTERIM: Final = b"HTTP/1.1 100 "


class JoiningTransport:
    """A transport whose writes begin with a head that waits for the next write."""

    __slots__ = ("_head", "_loop", "_transport", "_write", "get_extra_info", "is_closing")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self._write = transport.write
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info

    def write(self, data: bytes) -> None:
        """Write the data, with the head that waits; a head waits itself."""
        if self._head:
            data, self._head = self._head + data, b""
            self._write(data)
        elif data.startswith(_HEAD) and not data.startswith(_INTERIM):
            self._head = data
            self._loop.call_soon(self._flush)
        else:
            self._write(data)

    def close(self) -> None:
        """Write what waits, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once; what waits is lost."""
        self._head = b""
        self._transport.abort()

    def _flush(self) -> None:
        if self._head:
            data, self._head = self._head, b""
            self._write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
