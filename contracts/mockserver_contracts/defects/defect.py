"""A defect: a named bug, and how a correct server gets it.

Rule 1: a defect knows the server by HTTP alone; it changes requests, answers, or what is remembered between them.
Rule 2: each wrapped server has a memory of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from mockserver_contracts.defects.request import Answer, Call
from mockserver_contracts.defects.upstream import Application, Receive, Send, Server

Behaviour = Callable[[Call, Server], Awaitable[Answer]]
_MOST_BODY: Final = 64 * 1024 * 1024
# Answers that never end cannot be changed as a whole.
_STREAMS: Final = "/_mock/events"


@dataclass(frozen=True, slots=True)
class Defect:
    """A bug by name; `fails` are the claims and checks of which at least one must notice it.

    `settings` are settings, by name, that the server is started with: a bug in a setting's value needs no other code.
    """

    name: str
    family: str
    description: str
    fails: frozenset[str]
    behaviour: Callable[[], Behaviour] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


Made = TypeVar("Made", bound=Callable[..., Any])


class Family:
    """The defects of one kind, as they are declared."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.defects: list[Defect] = []

    def defect(self, name: str, description: str, *, fails: Iterable[str]) -> Callable[[Made], Made]:
        """Declare a defect: a function that answers a call, or a class of such, made anew for each server."""

        def declared(made: Made) -> Made:
            behaviour = made if isinstance(made, type) else lambda: made
            self.defects.append(Defect(name, self.name, description, frozenset(fails), behaviour))
            return made

        return declared

    def setting(self, name: str, description: str, *, fails: Iterable[str], settings: Mapping[str, str]) -> None:
        """Declare a defect that is a wrong setting."""
        self.defects.append(Defect(name, self.name, description, frozenset(fails), settings=settings))


def with_defects(
    application: Application, defects: Iterable[Defect], *, control_token: str | None = None
) -> Application:
    """The application with the defects, the first one nearest to it; their settings are the caller's to apply."""
    wrapped = application
    for defect in defects:
        if defect.behaviour is not None:
            server = Server(wrapped, application, control_token=control_token)
            wrapped = _Defective(wrapped, defect.behaviour(), server)
    return wrapped


class _Defective:
    """An ASGI application with a bug."""

    def __init__(self, application: Application, behaviour: Behaviour, server: Server) -> None:
        self._application = application
        self._behaviour = behaviour
        self._server = server

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == _STREAMS:
            await self._application(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        headers = tuple((bytes(name).lower(), bytes(value)) for name, value in scope["headers"])
        call = Call(scope, scope["method"], scope["path"], scope["query_string"], headers, body)
        answer = await self._behaviour(call, self._server)
        sent = [header for header in answer.headers if header[0] != b"content-length"]
        if answer.status not in (204, 304):
            sent.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": sent})
        await send({"type": "http.response.body", "body": answer.body})


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or as much of it as any server would take; None where the client has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > _MOST_BODY:
            return bytes(body)
