"""A history, read into the books: creations first, then the answers that show sessions, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tests.auditor.exchange import Exchange
from tests.auditor.records.billing_reader import BILLING, CREATIONS, read_creation, read_sessions
from tests.auditor.records.books import Books
from tests.auditor.records.control_reader import CONTROL
from tests.auditor.records.session_reader import read_action, read_all_sessions
from tests.auditor.rules import Rules

FAULTS: Final = ("POST", "/_mock/faults")
LISTS: Final[Mapping[tuple[str, str], Callable[[Books, Exchange], None]]] = {
    ("GET", "/billing/checkouts"): read_sessions,
    ("GET", "/_mock/sessions"): read_all_sessions,
}


def read_history(exchanges: Iterable[Exchange], rules: Rules) -> Books:
    """The books of a history. The order of the exchanges does not matter."""
    books = Books(rules)
    history = without_planned_answers(exchanges)
    for exchange in history:
        if (exchange.method, exchange.path) in CREATIONS:
            read_creation(books, exchange)
    # the first answer that shows a session tells most about its creation
    for exchange in sorted(history, key=lambda exchange: exchange.ended):
        if (reader := LISTS.get((exchange.method, exchange.path))) is not None:
            reader(books, exchange)
    for exchange in history:
        call = (exchange.method, exchange.path)
        if (reader := CONTROL.get(call) or BILLING.get(call)) is not None:
            reader(books, exchange)
        elif call not in CREATIONS and call not in LISTS:
            read_action(books, exchange)
    return books


def without_planned_answers(exchanges: Iterable[Exchange]) -> Sequence[Exchange]:
    """The exchanges in the order of their requests, without the answers that planned faults gave.

    Such a request was not executed. But if the planned answer looks like a success, it may be the server's own.
    """
    history = sorted(exchanges, key=lambda exchange: exchange.sent)
    planned = [answer for exchange in history if (answer := _planned_answer(exchange)) is not None]
    if not planned:
        return history
    kept = []
    for exchange in history:
        is_planned = not exchange.path.startswith("/_mock") and (exchange.status, exchange.answer) in planned
        if not is_planned:
            kept.append(exchange)
        elif exchange.is_executed:
            kept.append(replace(exchange, status=None, answer=None))
    return kept


def _planned_answer(exchange: Exchange) -> tuple[int, Any] | None:
    then = exchange.body.get("then") if (exchange.method, exchange.path) == FAULTS else None
    return (then["status"], then.get("body")) if isinstance(then, dict) and "status" in then else None
