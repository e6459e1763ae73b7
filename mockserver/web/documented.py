"""Answers from the document, for the operations that keep no state."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Final

from mockserver.contract import Operation
from mockserver.contract.answer import Answer, Answers, NoAnswer
from mockserver.contract.declared_refusal import DeclaredRefusals
from mockserver.contract.wish import Wish, wish_of
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
from mockserver.web.envelope import error_headers, status_of
from mockserver.web.exchange import Exchange
from mockserver.web.reply import Header, Reply

WARNING: Final = b"x-mockserver-warning"
"""The header that says what of the document was passed over to answer by its own schemas."""
REFUSAL: Final = b"x-mockserver-refusal"
"""The header that says why a request was refused, where the document's own words for it may have no room."""
STATUSES: Final[Mapping[type[CheckoutError], tuple[int, ...]]] = {
    InvalidJson: (400, 422),
    InvalidRequest: (422, 400),
    Unauthorized: (401,),
    PayloadTooLarge: (413,),
    UnsupportedMediaType: (415,),
}
"""The statuses by which documents declare each refusal, the most telling first."""


class DocumentedEndpoints:
    """What answers each operation that is asked for."""

    def __init__(self) -> None:
        self._known: dict[Operation, DocumentedEndpoint] = {}

    def __call__(self, operation: Operation) -> DocumentedEndpoint:
        """What answers an operation."""
        if (endpoint := self._known.get(operation)) is None:
            endpoint = self._known[operation] = DocumentedEndpoint(operation)
        return endpoint


class DocumentedEndpoint:
    """Answers one operation as its document has it, and as the client prefers."""

    def __init__(self, operation: Operation) -> None:
        self._answers = Answers(operation)
        self._refusals = DeclaredRefusals(self._answers)
        self._turns = count()

    async def answer(self, exchange: Exchange) -> Reply:
        """The answer; what takes long to find is looked for beside the event loop, and found once."""
        wish = _wish(exchange)
        try:
            answer = self._answers.kept(wish)
            if answer is None:
                answer = await asyncio.to_thread(self._answers.make, wish, turn=next(self._turns))
        except NoAnswer as nothing:
            raise _refused(nothing) from None
        return _reply(answer)

    async def refusal(self, error: CheckoutError) -> Reply | None:
        """The refusal as the document declares it; None where it does not."""
        statuses = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)
        if statuses is None:
            return None
        answer = await asyncio.to_thread(self._refusals.answer, statuses, status_of(error), error.message)
        if answer is None:
            return None
        reply = _reply(answer)
        reply.headers += [*error_headers(error), (REFUSAL, _header_text(error.message))]
        return reply


def _wish(exchange: Exchange) -> Wish:
    headers: list[Header] = exchange.scope["headers"]
    accept = [value.decode("latin-1") for name, value in headers if name == b"accept"]
    prefer = [value.decode("latin-1") for name, value in headers if name == b"prefer"]
    query = exchange.scope["query_string"].decode("latin-1")
    wish, violations = wish_of(prefer, query, ",".join(accept) or None)
    if violations:
        faults = [FieldError(violation.pointer, violation.message, violation.code) for violation in violations]
        raise InvalidRequest("; ".join(fault.message for fault in faults), field_errors=faults)
    return wish


def _refused(nothing: NoAnswer) -> CheckoutError:
    if nothing.cause == "accept":
        return NotAcceptable(nothing.message)
    return NotFound(nothing.message)


def _reply(answer: Answer) -> Reply:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers += [(WARNING, _header_text(note)) for note in answer.notes[:5]]
    return Reply(answer.status, answer.content, media_type=answer.media_type, value=answer.value, headers=headers)


def _header_text(text: str) -> bytes:
    """What of a text a header can say: names that somebody sent or wrote may have anything in them."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:500]).strip().encode("ascii")
