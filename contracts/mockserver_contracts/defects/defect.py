"""A defect: a named bug that wraps a correct server.

Rule 1: a defect uses HTTP only. It changes requests and responses, and keeps its own state between them.
Rule 2: each wrapped server has a defect state of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Application, Receive, Send, Upstream

Behaviour = Callable[[InterceptedRequest, Upstream], Awaitable[InterceptedResponse]]
DEFAULT_PROFILE: Final = "page"
_MOST_BODY: Final = 64 * 1024 * 1024
# A response that never ends cannot be changed as a whole.
_STREAM: Final = "/_mock/events"


@dataclass(frozen=True, slots=True)
class Defect:
    """A named bug. Every check in `fails` must find it.

    A bug in a setting's value needs no behaviour: the server is started with `settings`. The bug shows with `profile`.
    """

    name: str
    family: str
    description: str
    fails: frozenset[str]
    behaviour: Callable[[], Behaviour] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    profile: str = DEFAULT_PROFILE


Declared = TypeVar("Declared", bound=Callable[..., Any])


class DefectFamily:
    """The defects of one kind, in the order of their declaration."""

    def __init__(self, name: str, *, profile: str = DEFAULT_PROFILE) -> None:
        self.name = name
        self._profile = profile
        self.defects: list[Defect] = []

    def defect(self, name: str, description: str, *, fails: Iterable[str]) -> Callable[[Declared], Declared]:
        """Declare a defect: a function that answers a request, or a class with one instance for each server."""

        def register(declared: Declared) -> Declared:
            behaviour = declared if isinstance(declared, type) else lambda: declared
            self.defects.append(
                Defect(name, self.name, description, frozenset(fails), behaviour, profile=self._profile)
            )
            return declared

        return register

    def setting(self, name: str, description: str, *, fails: Iterable[str], settings: Mapping[str, str]) -> None:
        """Declare a defect that consists of wrong settings."""
        self.defects.append(Defect(name, self.name, description, frozenset(fails), settings=settings))


def with_defects(
    application: Application, defects: Iterable[Defect], *, control_token: str | None = None
) -> Application:
    """Wrap the application in the defects, the first one innermost; the caller applies their settings."""
    wrapped = application
    for defect in defects:
        if defect.behaviour is not None:
            upstream = Upstream(wrapped, application, control_token=control_token)
            wrapped = _DefectiveApplication(wrapped, defect.behaviour(), upstream)
    return wrapped


class _DefectiveApplication:
    """An ASGI application with a bug."""

    def __init__(self, application: Application, behaviour: Behaviour, upstream: Upstream) -> None:
        self._application = application
        self._behaviour = behaviour
        self._upstream = upstream

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == _STREAM:
            await self._application(scope, receive, send)
            return
        body = await _read_body(receive)
        if body is None:
            return
        headers = tuple((bytes(name).lower(), bytes(value)) for name, value in scope["headers"])
        request = InterceptedRequest(scope, scope["method"], scope["path"], scope["query_string"], headers, body)
        response = await self._behaviour(request, self._upstream)
        sent = [header for header in response.headers if header[0] != b"content-length"]
        if response.status not in (204, 304):
            sent.append((b"content-length", b"%d" % len(response.body)))
        await send({"type": "http.response.start", "status": response.status, "headers": sent})
        await send({"type": "http.response.body", "body": response.body})


async def _read_body(receive: Receive) -> bytes | None:
    """Read the body up to the limit; None if the client disconnects."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > _MOST_BODY:
            return bytes(body)
