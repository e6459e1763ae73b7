"""A noun of the control API: one path, a few methods, each with the fields it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from mockserver.contract import InvalidJson as NotJson
from mockserver.contract import parse_json
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
from mockserver.web.envelope import refusal
from mockserver.web.incoming import ClientGone, Incoming, incoming
from mockserver.web.media import takes
from mockserver.web.reply import JSON, Reply

_JSON_ONLY: Final = (JSON,)


@dataclass(slots=True)
class Call:
    """A control call: the fields of its query and of its body, and what its path names."""

    scope: Scope
    query: Fields
    body: Fields

    @property
    def named(self) -> str:
        """The id in the path."""
        name: str = self.scope["path_params"]["id"]
        return name


@dataclass(frozen=True, slots=True)
class Verb:
    """What a method does, with the names its query and body may have. `body` None: it takes no body."""

    do: Callable[[Call], Awaitable[Reply]]
    query: frozenset[str] = frozenset()
    body: frozenset[str] | None = None


class Noun:
    """Answers one path of the control API, as an ASGI application."""

    def __init__(self, verbs: Mapping[str, Verb], *, body_limit: int) -> None:
        self._verbs = verbs
        self._body_limit = body_limit
        self._allowed = (*verbs, *(["HEAD"] if "GET" in verbs else []), "OPTIONS")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await incoming(scope, receive, limit=self._body_limit)
        except ClientGone:
            return
        try:
            reply = await self._answer(request)
        except CheckoutError as error:
            reply = refusal(error)
        reply.headers.append((b"cache-control", b"no-store"))
        await request.answer(reply, receive, send)

    async def _answer(self, request: Incoming) -> Reply:
        method = "GET" if request.method == "HEAD" else request.method
        verb = self._verbs.get(method)
        if verb is None:
            if method == "OPTIONS":
                return Reply(204, headers=[(b"allow", ", ".join(self._allowed).encode())])
            raise MethodNotAllowed(request.method, self._allowed)
        if request.body is None:
            raise PayloadTooLarge(f"the body is over {self._body_limit} bytes, the most that is taken")
        _refuse_wrong_type(request, request.body, verb)
        query = Fields.of_query(request.query, known=verb.query)
        body = Fields.of_body(_body(request.body, verb), known=verb.body or frozenset())
        return await verb.do(Call(request.scope, query, body))


def _refuse_wrong_type(request: Incoming, raw: bytes, verb: Verb) -> None:
    media_type = request.header(b"content-type")
    if raw and verb.body is not None and not takes(media_type, _JSON_ONLY):
        raise UnsupportedMediaType(f"the body came as {str(media_type)[:80]!r}; send Content-Type: {JSON}")


def _body(raw: bytes, verb: Verb) -> Any:
    if not raw:
        return {}
    if verb.body is None:
        raise InvalidRequest("this call takes no body; name what it is about in the query")
    try:
        return parse_json(raw)
    except NotJson as error:
        raise InvalidJson(error.message, field_errors=[FieldError("", error.message, InvalidJson.code)]) from None
