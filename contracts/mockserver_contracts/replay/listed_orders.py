"""Our own check that the list keeps every order: an accepted one is there with its amount, and an earlier one stays."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.account_readings import number_of
from mockserver_contracts.target.answer import session_of

CHECK: Final = "accepted_orders_are_listed"
# Behind it, readers of JSON lose digits.
_LARGEST: Final = 2**53


class ListedOrders:
    """The accepted orders of a corpus by the ids of their sessions."""

    def __init__(self) -> None:
        self._orders: dict[str, CorpusExchange] = {}

    def record(self, exchange: CorpusExchange) -> None:
        """Record the answer to an accepted order of a checkout."""
        session = session_of(exchange, 0)
        if session is not None:
            self._orders[session.id] = exchange

    def findings(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
        """Compare the orders with the amounts on the list by id, as they were before the orders and after them."""
        # A list may have other ids than the answers; the claims decide whether it may.
        listed = [id_ for id_ in self._orders if id_ in after]
        if not listed:
            return
        lost = [id_ for id_ in (*self._orders, *before) if id_ not in after]
        if lost:
            exchange = self._orders.get(lost[0], self._orders[listed[-1]])
            cause = "a session is gone from the list"
            yield _finding(exchange, cause, f"{len(after) + len(lost)} sessions", f"{len(lost)} missing")
        amounts = {id_: number_of(after[id_]) for id_ in listed}
        ordered = {id_: amount for id_ in listed if (amount := _amount_of(self._orders[id_])) is not None}
        wrong = [id_ for id_, amount in ordered.items() if amounts[id_] not in (None, amount)]
        # A list in cents is one fault of another check, and not one of each order.
        if wrong and len(wrong) < len(ordered):
            id_ = wrong[0]
            yield _finding(
                self._orders[id_], "another amount on the list", str(ordered[id_]), str(amounts[id_]), pointer="/amount"
            )


def _finding(exchange: CorpusExchange, cause: str, expected: str, actual: str, *, pointer: str = "") -> Finding:
    return Finding(
        kind="fuzz",
        check=CHECK,
        operation=f"POST {CHECKOUT}",
        pointer=pointer,
        cause=cause,
        severity="error",
        title=f"After an accepted order: {cause}",
        expected=expected,
        actual=actual,
        request=exchange.request,
        response=exchange.response,
    )


def _amount_of(exchange: CorpusExchange) -> Decimal | None:
    """The whole dollars of an order that every reader reads alike; None for any other."""
    if exchange.entry.expected is Expected.REFUSED_BY_LIMIT:
        return None
    try:
        order = json.loads(exchange.request.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    if not isinstance(order, dict) or order.get("mode", "payment") != "payment":
        return None
    amount = number_of(order.get("amount"))
    is_whole = amount is not None and amount.is_finite() and 1 <= amount <= _LARGEST and amount % 1 == 0
    return amount if is_whole else None
