"""Exchanges that wait are counted as if they were counted at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import load
from mockserver.coverage import pending
from mockserver.coverage.counter import CoverageCounter, contract_name
from mockserver.coverage.exchange import SeenExchange
from mockserver.coverage.pending import PendingCounter
from mockserver.coverage.report.coverage_report import CoverageReport
from tests.coverage.counted import an_exchange

CONTRACT = load("page")[0]
ORDERS = [{"amount": 50}, {"amount": 0}, {}, {"amount": 5, "success_url": "https://shop.example/"}]
USAGE = {"data": {"credit_balance": 0}}
ORDER = st.builds(
    an_exchange,
    st.sampled_from(ORDERS),
    path=st.just("/billing/checkout"),
    status=st.sampled_from([200, 400]),
    account=st.sampled_from(["acct_one", "acct_two"]),
)
READ = st.builds(
    an_exchange,
    method=st.just("GET"),
    path=st.just("/billing/usage"),
    content_type=st.none(),
    reply=st.just(USAGE),
    account=st.sampled_from(["acct_one", "acct_two"]),
)
EVENT = st.builds(
    an_exchange,
    st.just({}),
    path=st.sampled_from(["/_mock/sessions/cs_test_1/pay", "/_mock/clock"]),
    reply=st.just({"session": {"id": "cs_test_1", "account": "acct_one"}, "redirect_url": "https://shop.example/"}),
    account=st.just(""),
)


def take(counter: PendingCounter, exchange: SeenExchange, times: int = 1) -> None:
    if exchange.path.startswith("/_mock"):
        counter.add_event(exchange)
        return
    counter.add(
        exchange.method,
        exchange.path,
        exchange.path.encode(),
        exchange.query.encode(),
        None if exchange.account else tuple(exchange.headers),
        exchange.header(b"content-type"),
        exchange.body,
        exchange.status,
        exchange.media_type,
        exchange.reply,
        exchange.account,
        times,
    )


def report_of(counter: PendingCounter) -> CoverageReport:
    return asyncio.run(counter.report())


def at_once(exchanges: list[SeenExchange]) -> CoverageReport:
    counter = CoverageCounter(CONTRACT, contract_name(CONTRACT.document, "page"))
    for exchange in exchanges:
        counter.add(exchange)
    return counter.report()


@given(st.lists(st.one_of(ORDER, READ, EVENT), max_size=12), st.integers(0, 12))
def test_report_is_that_of_exchanges_counted_at_once(exchanges: list[Any], read_after: int) -> None:
    counter = PendingCounter(CONTRACT, "page")
    for number, exchange in enumerate(exchanges):
        take(counter, exchange)
        if number == read_after:
            report_of(counter)
    assert report_of(counter) == at_once(exchanges)


@pytest.mark.parametrize(("name", "most"), [("MOST_PENDING", 3), ("MOST_BYTES", 1_000), ("_MOST_ACCOUNTS", 2)])
def test_no_exchange_is_lost_beyond_the_bounds(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, name, most)
    exchanges = [
        an_exchange({"amount": number}, path="/billing/checkout", account=f"acct_{number % 5}") for number in range(40)
    ]
    counter = PendingCounter(CONTRACT, "page")
    for exchange in exchanges:
        take(counter, exchange)
    assert report_of(counter) == at_once(exchanges)


def test_exchanges_alike_are_counted_with_their_number() -> None:
    counter = PendingCounter(CONTRACT, "page")
    order = an_exchange({"amount": 50}, path="/billing/checkout")
    take(counter, order, times=3)
    take(counter, order)
    assert report_of(counter) == at_once([order] * 4)


def test_counts_of_an_earlier_contract_stay() -> None:
    counter = PendingCounter(CONTRACT, "page")
    take(counter, an_exchange({"amount": 50}, path="/billing/checkout"))
    counter.use_contract(load("openapi")[0], "openapi")
    take(counter, an_exchange({}, path="/billing/checkout"))
    report = report_of(counter)
    assert report.exchanges == 2
    assert len(report.contracts) == 2


def test_forgotten_counts_are_gone() -> None:
    counter = PendingCounter(CONTRACT, "page")
    take(counter, an_exchange({"amount": 50}, path="/billing/checkout"))
    counter.forget()
    assert report_of(counter) == at_once([])
