"""The billing endpoints: creations, lists, usage, invoices and auto recharge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.auditor.exchange import Exchange
from tests.auditor.records.books import AccountBook, Books, Creation
from tests.auditor.records.lives import Life
from tests.auditor.records.shapes import found_session, instant, member, page, usage_reading
from tests.auditor.rules import Order, account_of, number

PAGE: Final = 10
"""The default length of a billing list."""


def read_creation(books: Books, exchange: Exchange) -> None:
    """Note the session of `POST /billing/checkout` or `/billing/topup`, or that nobody knows it."""
    if not (exchange.is_executed or exchange.is_unknown):
        return
    account = account_of(exchange.key or "")
    order = books.rules.order(exchange.body)
    name = found_session(exchange.answer) if exchange.is_executed else None
    if name is None:
        books.account(account).lost_creations.append(Creation(exchange, order))
    elif (twin := books.lives.get(name)) is not None:
        twins = (exchange,) if twin.created is None else (twin.created, exchange)
        books.contradict("id-issued-twice", f"two creations answer the session id {name}", *twins)
    else:
        books.account(account)
        life = Life(name, account, order, exchange.window, created=exchange)
        life.expires_at = instant(member(member(exchange.answer, "data"), "expires_at"))
        books.add_life(life)


def read_sessions(books: Books, exchange: Exchange) -> None:
    """Note the sessions of `GET /billing/checkouts`."""
    if (found := page(exchange, member(exchange.answer, "data"), limit=PAGE)) is None:
        return
    account = books.account(account_of(exchange.key or ""))
    account.session_pages.append(found)
    for item in found.items:
        read_item(books, account.id, item, exchange)


def read_item(books: Books, account: str, item: Mapping[str, Any], exchange: Exchange) -> Life:
    """Note a session that a list or a view shows."""
    name = str(item.get("id"))
    life = books.lives.get(name)
    if life is None:
        life = _adopt(books, books.account(account), name, item, exchange)
    if life.account != account:
        sentence = f"the session {name} of {life.account} is shown to {account}"
        books.contradict("session-of-another-account", sentence, exchange)
    if (amount := number(item.get("amount"))) != life.order.amount:
        sentence = f"the session {name} is shown with the amount {amount}; it was created with {life.order.amount}"
        books.contradict("order-changed", sentence, *filter(None, [life.created, exchange]))
    life.show(item.get("status"), exchange)
    if life.created_at is None:
        life.created_at = instant(item.get("created_at"))
    return life


def _adopt(books: Books, book: AccountBook, name: str, item: Mapping[str, Any], exchange: Exchange) -> Life:
    """A session that no answer created: one of the creations without an answer must have done so."""
    amount = number(item.get("amount"))
    lost = [one for one in book.lost_creations if one.order.amount == amount and one.exchange.sent <= exchange.ended]
    if lost:
        # a creation that was executed has a session for sure, and one of unknown outcome may have none
        chosen = next((one for one in reversed(lost) if one.exchange.is_executed), lost[-1])
        book.lost_creations.remove(chosen)
        born = exchange.window._replace(sent=min(one.exchange.sent for one in lost))
        life = Life(name, book.id, chosen.order, born)
    else:
        sentence = f"the session {name} exists, but no request created it"
        books.contradict("session-without-creation", sentence, exchange)
        life = Life(name, book.id, Order(0, 0, amount), exchange.window._replace(sent=float("-inf")))
    books.add_life(life)
    return life


def read_usage(books: Books, exchange: Exchange) -> None:
    """Note the balance of `GET /billing/usage`."""
    usage = member(exchange.answer, "data")
    if (reading := usage_reading(exchange, usage)) is not None:
        books.account(account_of(exchange.key or "")).readings.append(reading)
        check_breakdown(books, exchange, usage)


def check_breakdown(books: Books, exchange: Exchange, usage: Mapping[str, Any]) -> None:
    """The usage of the month is the sum of its breakdown, and a part of all usage."""
    breakdown, month = member(usage, "breakdown"), number(member(usage, "usage_this_month"))
    if not isinstance(breakdown, dict) or month is None:
        return
    parts = sum(filter(None, map(number, breakdown.values())))
    used = number(member(usage, "credit_used"))
    if parts != month or (used is not None and month > used):
        sentence = f"the usage of the month is {month}, its breakdown sums to {parts}, all usage is {used}"
        books.contradict("usage-not-its-sum", sentence, exchange)


def read_invoices(books: Books, exchange: Exchange) -> None:
    """Note the invoices of `GET /billing/invoices`."""
    if (found := page(exchange, member(exchange.answer, "data"), limit=PAGE)) is not None:
        books.account(account_of(exchange.key or "")).invoice_pages.append(found)


def read_recharge(books: Books, exchange: Exchange) -> None:
    """Note the settings of `GET /billing/auto_recharge`."""
    data = member(exchange.answer, "data")
    threshold, amount = number(member(data, "threshold")), number(member(data, "amount"))
    if exchange.is_executed and threshold is not None and amount is not None:
        settings = (bool(member(data, "enabled")), threshold, amount)
        books.account(account_of(exchange.key or "")).recharge_readings.append((exchange, settings))


def read_recharge_change(books: Books, exchange: Exchange) -> None:
    """Note new settings of auto recharge."""
    if exchange.is_executed or exchange.is_unknown:
        books.account(account_of(exchange.key or "")).recharge_changes.append(exchange)


BILLING: Final[Mapping[tuple[str, str], Callable[[Books, Exchange], None]]] = {
    ("GET", "/billing/usage"): read_usage,
    ("GET", "/billing/invoices"): read_invoices,
    ("GET", "/billing/auto_recharge"): read_recharge,
    ("POST", "/billing/auto_recharge"): read_recharge_change,
}
"""The calls that name no session."""
CREATIONS: Final = frozenset({("POST", "/billing/checkout"), ("POST", "/billing/topup")})
