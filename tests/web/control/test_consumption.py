"""Consumption of credits, and auto recharge."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused


@pytest.fixture
def funded(mock: Mock) -> Mock:
    """A mock whose account has 100 credits."""
    mock.post("/_mock/credits", {"key": KEY, "credits": 100})
    return mock


def test_consumption_lowers_the_balance_and_counts_by_category(funded: Mock) -> None:
    funded.consume(3.5, category="indexing")
    funded.consume(0.25, category="search")
    answer = funded.consume(1.5, category="indexing")
    assert answer.status_code == 200
    usage = answer.json()["usage"]
    assert usage == funded.usage()
    assert (usage["credit_balance"], usage["usage_this_month"], usage["credit_used"]) == (94.75, 5.25, 5.25)
    assert usage["breakdown"] == {"indexing": 5, "search": 0.25}


def test_new_month_starts_at_zero_and_keeps_the_total(funded: Mock) -> None:
    funded.consume(5, category="indexing")
    funded.post("/_mock/clock", {"now": "2030-01-31T23:59:59.999Z"})
    assert funded.usage()["usage_this_month"] == 5
    funded.advance("0.001")
    usage = funded.usage()
    assert (usage["usage_this_month"], usage["breakdown"], usage["credit_used"]) == (0, {}, 5)


def test_consumption_without_a_category_counts_as_other(funded: Mock) -> None:
    assert funded.consume(1).json()["usage"]["breakdown"] == {"other": 1}


def test_consumption_over_the_balance_is_refused(funded: Mock) -> None:
    body = refused(funded.consume(100.000001), 402, "insufficient_credits")
    assert "has 100" in body["message"]
    assert funded.usage()["credit_used"] == 0
    assert funded.consume(100).json()["usage"]["credit_balance"] == 0


@pytest.mark.parametrize("credits", [0, -1, "1", None, True, 1e-7, 1e13, [1]])
def test_invalid_credits_are_refused(funded: Mock, credits: Any) -> None:
    assert pointers(refused(funded.consume(credits), 400, "invalid_request")) == {"/credits"}
    assert funded.balance() == 100


@pytest.mark.parametrize("category", ["", "x" * 201, 1, ["a"]])
def test_invalid_category_is_refused(funded: Mock, category: Any) -> None:
    body = refused(funded.consume(1, category=category), 400, "invalid_request")
    assert pointers(body) == {"/category"}


def test_consumption_needs_a_key(mock: Mock) -> None:
    refused(mock.post("/_mock/usage", {"credits": 1}), 400, "invalid_request")


def test_consumption_affects_one_account(funded: Mock) -> None:
    funded.post("/_mock/credits", {"key": OTHER, "credits": 7})
    funded.consume(5)
    assert funded.balance(key=OTHER) == 7


def test_auto_recharge_is_off_until_it_is_set(mock: Mock) -> None:
    off = {"success": True, "data": {"enabled": False, "threshold": 0, "amount": 0}}
    assert mock.billing("GET", "auto_recharge").json() == off


def test_auto_recharge_keeps_the_fields_that_a_change_omits(mock: Mock) -> None:
    answer = mock.recharge(enabled=True, threshold=10.1, amount=50)
    assert answer.status_code == 200
    assert set(answer.json()) == {"success", "message"}
    mock.recharge(amount=20)
    assert mock.billing("GET", "auto_recharge").json()["data"] == {"enabled": True, "threshold": 10.1, "amount": 20}
    mock.recharge()
    assert mock.billing("GET", "auto_recharge").json()["data"] == {"enabled": True, "threshold": 10.1, "amount": 20}
    assert mock.billing("GET", "auto_recharge", key=OTHER).json()["data"]["enabled"] is False


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"enabled": "true"}, "/enabled"),
        ({"enabled": None}, "/enabled"),
        ({"threshold": -1}, "/threshold"),
        ({"threshold": "10"}, "/threshold"),
        ({"amount": -0.01}, "/amount"),
        ({"amount": 1_000_000}, "/amount"),
    ],
)
def test_invalid_auto_recharge_is_refused_and_changes_nothing(mock: Mock, settings: dict[str, Any], wrong: str) -> None:
    body = refused(mock.recharge(**{"enabled": True, "threshold": 1, "amount": 1, **settings}), 400, "invalid_request")
    assert pointers(body) == {wrong}
    assert mock.billing("GET", "auto_recharge").json()["data"]["enabled"] is False


def test_balance_under_the_threshold_is_recharged_once_with_an_invoice(funded: Mock) -> None:
    funded.recharge(enabled=True, threshold=10, amount=20)
    assert funded.consume(90).json()["usage"]["credit_balance"] == 10, "at the threshold is not under it"
    assert funded.invoices() == []
    assert funded.consume(0.5).json()["usage"]["credit_balance"] == 29.5
    assert [invoice["amount"] for invoice in funded.invoices()] == [20]
    assert funded.listed() == [], "no session is made"
    assert "$20.00" in funded.client.get(funded.invoices()[0]["pdf_url"]).text


def test_balance_that_stays_under_the_threshold_is_charged_per_consumption(funded: Mock) -> None:
    funded.recharge(enabled=True, threshold=1000, amount=1)
    for consumed in (1, 2):
        funded.consume(1)
        assert len(funded.invoices()) == consumed
    assert funded.balance() == 100


def test_recharge_allows_consumption_over_the_balance(funded: Mock) -> None:
    funded.recharge(enabled=True, threshold=0, amount=20)
    assert funded.consume(115).json()["usage"]["credit_balance"] == 5


def test_consumption_over_balance_and_recharge_is_refused_uncharged(funded: Mock) -> None:
    funded.recharge(enabled=True, threshold=10, amount=20)
    body = refused(funded.consume(120.01), 402, "insufficient_credits")
    assert "has 100 and auto recharge buys 20 at a time" in body["message"]
    assert (funded.balance(), funded.invoices()) == (100, [])


def test_disabled_or_zero_auto_recharge_charges_nothing(funded: Mock) -> None:
    funded.recharge(enabled=False, threshold=200, amount=5)
    funded.consume(1)
    funded.recharge(enabled=True, amount=0)
    funded.consume(1)
    assert (funded.balance(), funded.invoices()) == (98, [])


def test_recharge_uses_the_price_of_credits(start: Start) -> None:
    mock = start(credits_per_dollar="2.5")
    mock.recharge(enabled=True, threshold=1, amount=10)
    assert mock.consume(1).json()["usage"]["credit_balance"] == 24


def test_reset_deletes_auto_recharge(mock: Mock) -> None:
    mock.recharge(enabled=True, threshold=10, amount=20)
    mock.post("/_mock/reset", {"key": KEY})
    assert mock.billing("GET", "auto_recharge").json()["data"]["enabled"] is False
