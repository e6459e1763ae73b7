"""Replies that a planned fault replaces, damages or suppresses."""

from __future__ import annotations

import json
from typing import Any, Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.domain.planned_fault import FaultKind, FixedAnswer, PlannedFault
from mockserver.web.http.connection import connection_of
from mockserver.web.http.reply import NO_STATUS, Header, Reply

_BODILESS: Final = frozenset({204, 205, 304})


class SpoiledReply(Reply):
    """A reply with a damaged body."""

    def __init__(self, reply: Reply, content: bytes, *, damage: str) -> None:
        super().__init__(reply.status, content, headers=_headers_without_length(reply))
        self.media_type = reply.media_type
        self.damage = damage


class TruncatedReply(SpoiledReply):
    """A reply that declares its full length and closes the connection after half of it."""

    ends_connection = True

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply, reply.content[: len(reply.content) // 2], damage="the body was truncated")
        self.headers[0] = (b"content-length", b"%d" % len(reply.content))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of the body and close the connection."""
        connection = connection_of(scope)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.content, "more_body": connection is not None})
        if connection is not None:
            await connection.close()


class ConnectionReset(Reply):
    """No reply: the connection is reset."""

    ends_connection = True

    def __init__(self, damage: str) -> None:
        super().__init__(NO_STATUS)
        self.headers.clear()
        self.damage = damage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the connection. Without a socket, raise the ConnectionResetError that a client would see."""
        connection = connection_of(scope)
        if connection is None:
            raise ConnectionResetError("a planned fault reset the connection")
        await connection.reset()


def replacement_reply(fault: PlannedFault) -> Reply | None:
    """The reply that replaces the mock's own; None if the request is to be processed."""
    if isinstance(fault.then, FixedAnswer):
        return _fixed_reply(fault.then)
    return ConnectionReset("the connection was reset") if fault.then is FaultKind.RESET else None


def spoil_reply(fault: PlannedFault, reply: Reply) -> Reply:
    """Damage the mock's own reply as planned."""
    if fault.then is None or reply.status in _BODILESS:
        return reply
    if fault.then is FaultKind.TRUNCATE:
        return TruncatedReply(reply)
    if fault.then is FaultKind.EMPTY:
        return SpoiledReply(reply, b"", damage="the body was removed")
    return SpoiledReply(reply, _malformed(reply.content), damage="the body was made malformed")


def _fixed_reply(then: FixedAnswer) -> Reply:
    headers: list[Header] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in then.headers]
    reply = Reply(then.status, then.body, headers=headers)
    media_types = [value.decode("latin-1") for name, value in headers if name.lower() == b"content-type"]
    reply.media_type = media_types[-1] if media_types else None
    if "json" in (reply.media_type or ""):
        reply.value = _json_value(then.body)
    return reply


def _json_value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _malformed(content: bytes) -> bytes:
    """The content cut so that it is no JSON. It is sent with its own length: the length does not give it away."""
    return content[: -max(len(content) // 3, 1)] if len(content) > 1 else b"{"


def _headers_without_length(reply: Reply) -> list[Header]:
    return [header for header in reply.headers if header[0] != b"content-length"]
