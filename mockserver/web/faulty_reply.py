"""Answers as a planned fault wants them: its own, a spoilt one, or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from mockserver.domain.planned_fault import FaultKind, FixedAnswer, PlannedFault
from mockserver.web.connection import connection_of
from mockserver.web.reply import NO_STATUS, Header, Reply

_BODILESS: Final = frozenset({204, 205, 304})


class Spoilt(Reply):
    """An answer whose body is no longer what it was."""

    def __init__(self, reply: Reply, content: bytes, *, trouble: str) -> None:
        super().__init__(reply.status, content, headers=_without_length(reply))
        self.media_type = reply.media_type
        self.trouble = trouble


class Truncated(Spoilt):
    """An answer that announces its whole length, of which half comes before the connection closes."""

    ends_connection = True

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply, reply.content[: len(reply.content) // 2], trouble="the body was cut off")
        self.headers[0] = (b"content-length", b"%d" % len(reply.content))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is and close the connection."""
        connection = connection_of(scope)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.content, "more_body": connection is not None})
        if connection is not None:
            await connection.close()


class NoAnswer(Reply):
    """No answer: the connection is reset, if it stands."""

    ends_connection = True

    def __init__(self, trouble: str) -> None:
        super().__init__(NO_STATUS)
        self.headers.clear()
        self.trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the connection; raises ConnectionResetError where there is none, as a client would see it."""
        connection = connection_of(scope)
        if connection is None:
            raise ConnectionResetError("a planned fault reset the connection")
        await connection.reset()


def instead_of(fault: PlannedFault) -> Reply | None:
    """What is answered in place of the mock's own answer; None where the request is processed."""
    if isinstance(fault.then, FixedAnswer):
        return _fixed(fault.then)
    return NoAnswer("the connection was reset") if fault.then is FaultKind.RESET else None


def spoilt(fault: PlannedFault, reply: Reply) -> Reply:
    """The mock's own answer as the fault lets it come."""
    if fault.then is None or reply.status in _BODILESS:
        return reply
    if fault.then is FaultKind.TRUNCATE:
        return Truncated(reply)
    if fault.then is FaultKind.EMPTY:
        return Spoilt(reply, b"", trouble="the body was left out")
    return Spoilt(reply, _broken(reply.content), trouble="the body was broken")


def _fixed(then: FixedAnswer) -> Reply:
    headers: list[Header] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in then.headers]
    reply = Reply(then.status, then.body, headers=headers)
    told = _told(headers)
    reply.media_type = told.get(b"content-type")
    if "json" in (reply.media_type or ""):
        reply.value = _json(then.body)
    return reply


def _told(headers: list[Header]) -> Mapping[bytes, str]:
    return {name.lower(): value.decode("latin-1") for name, value in headers}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _broken(content: bytes) -> bytes:
    """A body that is no JSON and, being sent whole, does not say so by its length."""
    return content[: -max(len(content) // 3, 1)] if len(content) > 1 else b"{"


def _without_length(reply: Reply) -> list[Header]:
    return [header for header in reply.headers if header[0] != b"content-length"]
