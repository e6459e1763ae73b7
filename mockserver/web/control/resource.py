"""A resource of the control API: a path and its methods, each with its fields."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.contract import MalformedJson, parse_json
from mockserver.domain.errors import (
    CheckoutError,
    FieldError,
    InvalidJson,
    InvalidRequest,
    MethodNotAllowed,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from mockserver.web.control.fields import Fields
from mockserver.web.control.large_work import LARGE_BYTES, worked
from mockserver.web.http.media_types import is_media_type
from mockserver.web.http.methods import options_reply
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import JSON, Reply
from mockserver.web.http.request import ClientDisconnected, Request, read_request

_JSON_ONLY: Final = (JSON,)

Observe = Callable[[Request, Reply], None]
"""Sees a request and its reply, before the reply is sent."""


@dataclass(slots=True)
class ControlRequest:
    """A control request: the fields of its query and of its body."""

    scope: Scope
    query: Fields
    body: Fields
    is_large: bool
    """The body is so large that work on it belongs into a thread."""

    @property
    def path_id(self) -> str:
        """The id in the path."""
        path_id: str = self.scope["path_params"]["id"]
        return path_id


@dataclass(frozen=True, slots=True)
class Method:
    """The handler of a method and the fields of its query and body. `body` None means that it takes no body."""

    handle: Callable[[ControlRequest], Awaitable[Reply]]
    query: frozenset[str] = frozenset()
    body: frozenset[str] | None = None


class Resource:
    """Answer one path of the control API, as an ASGI application."""

    def __init__(self, methods: Mapping[str, Method], *, body_limit: int, observe: Observe | None = None) -> None:
        self._observe = observe
        self._methods = methods
        self._body_limit = body_limit
        self._allowed = (*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive, limit=self._body_limit)
        except ClientDisconnected:
            return
        try:
            reply = await self._answer(request)
        except CheckoutError as error:
            reply = refusal(error)
        reply.headers.append((b"cache-control", b"no-store"))
        if self._observe is not None:
            self._observe(request, reply)
        await request.send_reply(reply, receive, send)

    async def _answer(self, request: Request) -> Reply:
        name = "GET" if request.method == "HEAD" else request.method
        method = self._methods.get(name)
        if method is None:
            if name == "OPTIONS":
                return options_reply(self._allowed)
            raise MethodNotAllowed(request.method, self._allowed)
        if request.body is None:
            raise PayloadTooLarge(f"the body is larger than the limit of {self._body_limit} bytes")
        _check_media_type(request, request.body, method)
        query = Fields.of_query(request.query, known=method.query)
        raw = request.body
        is_large = len(raw) > LARGE_BYTES
        value = await worked(lambda: _read_body(raw, method), is_large=is_large)
        body = Fields.of_body(value, known=method.body or frozenset())
        return await method.handle(ControlRequest(request.scope, query, body, is_large=is_large))


def _check_media_type(request: Request, raw: bytes, method: Method) -> None:
    media_type = request.header(b"content-type")
    if raw and method.body is not None and not is_media_type(media_type, _JSON_ONLY):
        raise UnsupportedMediaType(f"the Content-Type is {str(media_type)[:80]!r}; {JSON} is needed")


def _read_body(raw: bytes, method: Method) -> Any:
    if not raw:
        return {}
    if method.body is None:
        raise InvalidRequest("this call takes no body; its fields belong into the query")
    try:
        return parse_json(raw)
    except MalformedJson as error:
        raise InvalidJson(error.message, field_errors=[FieldError("", error.message, InvalidJson.code)]) from None
