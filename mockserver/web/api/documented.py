"""Stateless operations, answered from the document."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Final

from mockserver.contract import Operation
from mockserver.contract.mocking.declared_refusals import DeclaredRefusals
from mockserver.contract.mocking.preferences import Preferences, read_preferences
from mockserver.contract.mocking.response import MockedResponse, NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from mockserver.domain.errors import (
    CheckoutError,
    FieldError,
    InvalidJson,
    InvalidRequest,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from mockserver.web.exchange.context import ExchangeContext
from mockserver.web.http.address import Address
from mockserver.web.http.refusal import error_headers, status_of
from mockserver.web.http.reply import Header, Reply

WARNING: Final = b"x-mockserver-warning"
"""The header that names the parts of the document that were ignored, so that the reply matches its schemas."""
REFUSAL: Final = b"x-mockserver-refusal"
"""The header with the reason of a refusal; the declared error body may have no place for it."""
STATUSES: Final[Mapping[type[CheckoutError], tuple[int, ...]]] = {
    InvalidJson: (400, 422),
    InvalidRequest: (422, 400),
    Unauthorized: (401,),
    PayloadTooLarge: (413,),
    UnsupportedMediaType: (415,),
}
"""The statuses that documents declare for each refusal, the most specific first."""


class DocumentedEndpoints:
    """The endpoints of stateless operations, created at their first request."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._endpoints: dict[Operation, DocumentedEndpoint] = {}

    def __call__(self, operation: Operation) -> DocumentedEndpoint:
        """The operation's endpoint."""
        if (endpoint := self._endpoints.get(operation)) is None:
            endpoint = self._endpoints[operation] = DocumentedEndpoint(operation, self._address)
        return endpoint


class DocumentedEndpoint:
    """Answer one operation from its document, as the client prefers."""

    def __init__(self, operation: Operation, address: Address) -> None:
        self._address = address
        self._answers = MockedResponses(operation)
        self._refusals = DeclaredRefusals(self._answers)
        self._counter = count()

    async def answer(self, context: ExchangeContext) -> Reply:
        """Answer the operation. A new reply is generated in a thread and cached; the event loop stays free."""
        wish = _wish(context)
        try:
            answer = self._answers.recall(wish)
            if answer is None:
                answer = await asyncio.to_thread(self._answers.make, wish, turn=next(self._counter))
        except NoMockedResponse as nothing:
            raise _refusal_error(nothing) from None
        answer, notes = self._answers.at(answer, self._address.base(context.scope))
        context.notes = (*context.notes, *notes)
        return _reply(answer)

    async def refusal(self, error: CheckoutError) -> Reply | None:
        """The refusal that the document declares; None if it declares none."""
        statuses = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)
        if statuses is None:
            return None
        answer = await asyncio.to_thread(self._refusals.find, statuses, status_of(error), error.message)
        if answer is None:
            return None
        reply = _reply(answer)
        reply.headers += [*error_headers(error), (REFUSAL, _header_text(error.message))]
        return reply


def _wish(context: ExchangeContext) -> Preferences:
    headers: list[Header] = context.scope["headers"]
    accept = [value.decode("latin-1") for name, value in headers if name == b"accept"]
    prefer = [value.decode("latin-1") for name, value in headers if name == b"prefer"]
    query = context.scope["query_string"].decode("latin-1")
    wish, violations = read_preferences(prefer, query, ",".join(accept) or None)
    if violations:
        faults = [FieldError(violation.pointer, violation.message, violation.code) for violation in violations]
        raise InvalidRequest("; ".join(fault.message for fault in faults), field_errors=faults)
    return wish


def _refusal_error(nothing: NoMockedResponse) -> CheckoutError:
    if nothing.cause == "accept":
        return NotAcceptable(nothing.message)
    return NotFound(nothing.message)


def _reply(answer: MockedResponse) -> Reply:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers += [(WARNING, _header_text(note)) for note in answer.notes[:5]]
    return Reply(answer.status, answer.content, media_type=answer.media_type, value=answer.value, headers=headers)


def _header_text(text: str) -> bytes:
    """The text as a header value: names from clients and documents may have any character."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:500]).strip().encode("ascii")
