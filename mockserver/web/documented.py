"""Answers from the document, for the operations that keep no state."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Final

from mockserver.contract import Operation
from mockserver.contract.answer import Answer, Answers, NoAnswer
from mockserver.contract.wish import Wish, wish_of
from mockserver.domain.errors import CheckoutError, Fault, InvalidRequest, NotAcceptable, NotFound
from mockserver.web.exchange import Endpoint, Exchange
from mockserver.web.reply import Header, Reply

WARNING: Final = b"x-mockserver-warning"
"""The header that says what of the document was passed over to answer by its own schemas."""


class DocumentedEndpoints:
    """An endpoint for each operation that is asked for."""

    def __init__(self) -> None:
        self._known: dict[Operation, DocumentedEndpoint] = {}

    def __call__(self, operation: Operation) -> Endpoint:
        """The endpoint of an operation."""
        if (endpoint := self._known.get(operation)) is None:
            endpoint = self._known[operation] = DocumentedEndpoint(operation)
        return endpoint.answer


class DocumentedEndpoint:
    """Answers one operation as its document has it, and as the client prefers."""

    def __init__(self, operation: Operation) -> None:
        self._answers = Answers(operation)
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


def _wish(exchange: Exchange) -> Wish:
    headers: list[Header] = exchange.scope["headers"]
    accept = [value.decode("latin-1") for name, value in headers if name == b"accept"]
    prefer = [value.decode("latin-1") for name, value in headers if name == b"prefer"]
    query = exchange.scope["query_string"].decode("latin-1")
    wish, violations = wish_of(prefer, query, ",".join(accept) or None)
    if violations:
        faults = [Fault(violation.pointer, violation.message, violation.code) for violation in violations]
        raise InvalidRequest("; ".join(fault.message for fault in faults), faults=faults)
    return wish


def _refused(nothing: NoAnswer) -> CheckoutError:
    if nothing.cause == "accept":
        return NotAcceptable(nothing.message)
    return NotFound(nothing.message)


def _reply(answer: Answer) -> Reply:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers += [(WARNING, note.encode("ascii", "replace")[:500]) for note in answer.notes[:5]]
    return Reply(answer.status, answer.content, media_type=answer.media_type, value=answer.value, headers=headers)
