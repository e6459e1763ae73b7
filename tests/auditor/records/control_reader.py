"""The control API: clocks, credits, consumption, accounts and resets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.auditor.exchange import Exchange
from tests.auditor.records.billing_reader import check_breakdown
from tests.auditor.records.books import (
    Books,
    ClockReading,
    Consumption,
    Grant,
    Move,
    UsageReading,
)
from tests.auditor.records.shapes import instant, member, usage_reading
from tests.auditor.rules import MICRO, account_of, micro


def read_grant(books: Books, exchange: Exchange) -> None:
    """Note the credits of `POST /_mock/credits`."""
    credits = micro(exchange.body.get("credits"))
    if credits is None or not (exchange.is_executed or exchange.is_unknown):
        return
    book = books.account(account_of(str(exchange.body["key"])))
    book.grants.append(Grant(exchange, credits, _usage_after(books, exchange)))


def read_consumption(books: Books, exchange: Exchange) -> None:
    """Note the credits of `POST /_mock/usage`, refused ones too."""
    is_refused = exchange.status == 402
    if exchange.is_executed or exchange.is_unknown or is_refused:
        book = books.account(account_of(str(exchange.body["key"])))
        book.consumptions.append(Consumption(exchange, _price(books, exchange), _usage_after(books, exchange)))


def _price(books: Books, exchange: Exchange) -> int | None:
    if "resource" not in exchange.body:
        return micro(exchange.body.get("credits"))
    price, units = books.rules.prices.get(str(exchange.body["resource"])), micro(exchange.body.get("units"))
    return None if price is None or units is None else (price * units * 2 + MICRO) // (2 * MICRO)


def _usage_after(books: Books, exchange: Exchange) -> UsageReading | None:
    usage = member(exchange.answer, "usage")
    if (reading := usage_reading(exchange, usage)) is not None:
        check_breakdown(books, exchange, usage)
    return reading


def read_accounts(books: Books, exchange: Exchange) -> None:
    """Note balance, number of sessions and time of the accounts in a list."""
    for account in (exchange.is_executed and member(exchange.answer, "accounts")) or ():
        book = books.account(str(account["id"]))
        if (balance := micro(account["credit_balance"])) is not None:
            book.readings.append(UsageReading(exchange, balance, None))
        book.session_counts.append((exchange, int(account["sessions"])))
        if (now := instant(account["now"])) is not None:
            book.clock_readings.append(ClockReading(now, exchange.window, exchange))


def read_clock(books: Books, exchange: Exchange) -> None:
    """Note the time of a clock, and its move."""
    key = exchange.query.get("key") or exchange.body.get("key")
    account = None if key is None else account_of(str(key))
    now = instant(member(exchange.answer, "now")) if exchange.is_executed else None
    reading = None if now is None else ClockReading(now, exchange.window, exchange)
    if reading is not None:
        (books.common_readings if account is None else books.account(account).clock_readings).append(reading)
    if exchange.method != "GET" and (exchange.is_executed or exchange.is_unknown):
        books.moves.append(Move(exchange, account, exchange.method == "DELETE", reading))


def read_reset(books: Books, exchange: Exchange) -> None:
    """Note the reset of one account, or of all."""
    if not (exchange.is_executed or exchange.is_unknown):
        return
    key = exchange.body.get("key")
    resets = books.common_resets if key is None else books.account(account_of(str(key))).resets
    resets.append(exchange)
    books.moves.append(Move(exchange, None if key is None else account_of(str(key)), lowers=True, reading=None))


CONTROL: Final[Mapping[tuple[str, str], Callable[[Books, Exchange], None]]] = {
    ("POST", "/_mock/credits"): read_grant,
    ("POST", "/_mock/usage"): read_consumption,
    ("GET", "/_mock/accounts"): read_accounts,
    ("GET", "/_mock/clock"): read_clock,
    ("POST", "/_mock/clock"): read_clock,
    ("DELETE", "/_mock/clock"): read_clock,
    ("POST", "/_mock/reset"): read_reset,
}
