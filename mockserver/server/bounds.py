"""The bounds of a connection, for every protocol of the server: how much is read before a refusal and after it.

A client that is refused still sends: if the connection closed at once, it would lose the refusal.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Final, Protocol

from mockserver.domain.errors import HeadersTooLarge, InvalidRequest
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Header, Reply
from mockserver.web.http.request import DRAIN_BYTES, DRAIN_SECONDS

HEAD_LIMIT: Final = 256 * 1024
"""The bytes of an incomplete head that are read at most; a read from a socket has as many."""
TLS_HANDSHAKE: Final = b"\x16\x03"

_VERSIONS: Final = frozenset({"1.0", "1.1"})
_FRAMING: Final = (b"content-length", b"transfer-encoding")


class UnknownVersion(Exception):
    """The request is of a version of HTTP that the server does not speak; the message is the reason."""


class Outlet(Protocol):
    """Takes the bytes that a connection sends."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def close(self) -> None:
        """Close the connection when everything was sent."""


class Drain:
    """Reads and drops what a refused client still sends, for a while; then the connection is closed."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._bytes = 0

    def take(self, size: int) -> None:
        """Drop this many bytes."""
        self._bytes += size
        if self._bytes > DRAIN_BYTES:
            self._outlet.close()

    def refuse_syntax(self, reason: str) -> None:
        """Answer 400 to what is no HTTP."""
        self._write(refusal(InvalidRequest(f"the bytes are no HTTP request: {reason}")), b"400 Bad Request")

    def refuse_head(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer 431 to a request line and headers that are too large, and close the connection later."""
        reply = refusal(HeadersTooLarge(f"the request line and headers have over {HEAD_LIMIT} bytes"))
        self._write(reply, b"431 Request Header Fields Too Large")
        loop.call_later(DRAIN_SECONDS, self._outlet.close)

    def _write(self, reply: Reply, status: bytes) -> None:
        lines = b"".join(b"%b: %b\r\n" % header for header in (*reply.headers, (b"connection", b"close")))
        self._outlet.write(b"HTTP/1.1 %b\r\n%b\r\n%b" % (status, lines, reply.content))


def reason_of(error: Exception, data: bytes) -> str:
    """The parser's reason, in words that help its sender."""
    if data.startswith(TLS_HANDSHAKE):
        return "they begin a TLS connection; plain HTTP is needed, with an address that begins with http://"
    if data.startswith(b"PRI "):
        return "they begin an HTTP/2 connection; HTTP/1.1 is needed"
    if isinstance(error.__context__, UnknownVersion):
        return str(error.__context__)
    if "url" in type(error).__name__.lower() or isinstance(error.__context__, ValueError):
        return "the target has a character that needs percent-encoding, or is none"
    reason = str(error)
    return f"{reason[:1].lower()}{reason[1:]}"


def require_version(version: str) -> None:
    """Raise UnknownVersion unless the server speaks the version: the parser takes 0.9 and 2.0, too."""
    if version not in _VERSIONS:
        raise UnknownVersion(f"its version is HTTP/{version}; HTTP/1.1 is needed")


def use_host_of_target(url: bytes, headers: list[Header]) -> None:
    """Put the host of an absolute target, http://host/path, in the place of the Host header (RFC 9112, 3.2.2).

    So the guard of hosts sees the one that the client means.
    """
    scheme, is_absolute, rest = url.partition(b"://")
    if is_absolute and scheme.isalpha():
        host = re.split(rb"[/?#]", rest, maxsplit=1)[0]
        headers[:] = [(b"host", host), *(header for header in headers if header[0] != b"host")]


def head_of_body(headers: Iterable[Header]) -> bytes | None:
    """The head of a request that has the same body as one with these headers; None if that has no body.

    A parser that takes what follows an upgrade for another protocol reads it as a body after this head.
    """
    framing = [b"%b: %b\r\n" % header for header in headers if header[0] in _FRAMING]
    return b"POST / HTTP/1.1\r\n%b\r\n" % b"".join(framing) if framing else None
