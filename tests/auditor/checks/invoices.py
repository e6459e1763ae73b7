"""Invoices: one for each payment, by a buyer or by auto recharge, and none without a payment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.auditor.checks.tally import Tally
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange, Window
from tests.auditor.records.books import Page
from tests.auditor.rules import number


class Sale(NamedTuple):
    """A payment of some cents that has an invoice."""

    cents: int
    window: Window
    is_certain: bool
    exchanges: tuple[Exchange, ...]


def check_invoices(pages: Sequence[Page], sales: Sequence[Sale]) -> Iterator[Contradiction]:
    """The contradictions between an account's invoices and its payments in one epoch."""
    tally = Tally([sale.window for sale in sales if sale.is_certain], [sale.window for sale in sales])
    for page in pages:
        yield from _wrong_length(page, tally)
        yield from _wrong_amounts(page, sales)
    yield from _without_payment(pages, sales)
    yield from _vanished(pages)


def _wrong_length(page: Page, tally: Tally) -> Iterator[Contradiction]:
    window, shown = page.exchange.window, len(page.items)
    least = min(page.limit, tally.least(window) - page.offset)
    most = max(0, tally.most(window) - page.offset)
    if shown < least:
        sentence = f"a list from {page.offset} on has {shown} invoices; at least {least} payments were made"
        yield Contradiction("payment-without-invoice", sentence, (page.exchange,))
    if shown > most:
        sentence = f"a list from {page.offset} on has {shown} invoices; at most {most} payments were made"
        yield Contradiction("invoice-without-payment", sentence, (page.exchange,))


def _wrong_amounts(page: Page, sales: Sequence[Sale]) -> Iterator[Contradiction]:
    """A complete list has an invoice for the amount of each certain payment."""
    if not page.is_complete:
        return
    shown = Counter(_cents(item) for item in page.items)
    certain = [sale for sale in sales if sale.is_certain and sale.window.precedes(page.exchange.window)]
    for cents, least in Counter(sale.cents for sale in certain).items():
        if shown[cents] < least:
            paid = [exchange for sale in certain if sale.cents == cents for exchange in sale.exchanges]
            sentence = f"{shown[cents]} invoices are of {cents} cents; {least} such payments were made"
            yield Contradiction("payment-without-invoice", sentence, (*paid, page.exchange))


def _without_payment(pages: Sequence[Page], sales: Sequence[Sale]) -> Iterator[Contradiction]:
    """All invoices of an amount that were ever shown, in the order of their first answers, need a payment each."""
    seen: dict[Any, Mapping[str, Any]] = {}
    by_amount: defaultdict[int | None, list[Exchange]] = defaultdict(list)
    for page in sorted(pages, key=lambda page: page.exchange.ended):
        repeated = [name for name, times in Counter(item.get("id") for item in page.items).items() if times > 1]
        if repeated:
            yield Contradiction("invoice-listed-twice", f"a list shows {repeated[0]} twice", (page.exchange,))
        for item in page.items:
            before = seen.get(item.get("id"))
            if before is None:
                seen[item.get("id")] = item
                by_amount[_cents(item)].append(page.exchange)
            elif _content(before) != _content(item):
                sentence = f"the invoice {item.get('id')} was {_content(before)}, and is {_content(item)}"
                yield Contradiction("invoice-changed", sentence, (page.exchange,))
    moments: defaultdict[int | None, list[float]] = defaultdict(list)
    for sale in sorted(sales, key=lambda sale: sale.window.sent):
        moments[sale.cents].append(sale.window.sent)
    for cents, exchanges in by_amount.items():
        paid = moments[cents]
        for place, exchange in enumerate(exchanges):
            if place >= len(paid) or paid[place] > exchange.ended:
                sentence = f"{place + 1} invoices are of {cents} cents; at most {place} such payments were made"
                yield Contradiction("invoice-without-payment", sentence, (exchange,))
                break


def _vanished(pages: Sequence[Page]) -> Iterator[Contradiction]:
    """An invoice of an answer is in every later complete list."""
    for page in pages:
        if not page.is_complete:
            continue
        shown = {item.get("id") for item in page.items}
        for earlier in pages:
            if len(pages) > _MOST_COMPARED or not earlier.exchange.window.precedes(page.exchange.window):
                continue
            if gone := [item.get("id") for item in earlier.items if item.get("id") not in shown]:
                yield Contradiction("invoice-lost", f"the invoice {gone[0]} is gone", (earlier.exchange, page.exchange))
                return


_MOST_COMPARED = 100


def _cents(item: Mapping[str, Any]) -> int | None:
    amount = number(item.get("amount"))
    return None if amount is None else int(amount * 100)


def _content(item: Mapping[str, Any]) -> tuple[object, ...]:
    return (item.get("amount"), item.get("created_at"), item.get("status"))
