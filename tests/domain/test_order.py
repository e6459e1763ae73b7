from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.money import MICRO
from mockserver.domain.order import Mode, Order, Plan, PriceList

PRICES = PriceList()
GOOD, OTHER = "https://shop.example/ok", "https://shop.example/other"


@given(st.integers(1, 999_999))
def test_dollar_buys_one_credit(dollars: int) -> None:
    order = Order.of({"amount": dollars}, PRICES)
    assert (order.mode, order.amount, order.cents, order.microcredits) == (
        Mode.PAYMENT,
        Decimal(dollars),
        dollars * 100,
        dollars * MICRO,
    )


def test_amount_with_zero_fraction_is_whole() -> None:
    assert Order.of({"amount": 50.0}, PRICES).cents == 5_000


@pytest.mark.parametrize("amount", [0, -1, 10.5, 0.99, -0.0])
def test_amount_of_partial_dollars_is_kept_but_sells_nothing(amount: float) -> None:
    order = Order.of({"amount": amount}, PRICES)
    assert (order.amount, order.cents, order.microcredits) == (Decimal(repr(amount)), 0, 0)


def test_missing_amount_sells_nothing() -> None:
    order = Order.of({}, PRICES)
    assert (order.amount, order.cents, order.microcredits) == (None, 0, 0)


def test_credit_rate_is_exact() -> None:
    assert Order.of({"amount": 3}, PriceList(microcredits_per_dollar=1_234_500)).microcredits == 3_703_500


@pytest.mark.parametrize("plan_id", ["plan-basic", "plan-unheard-of", "", None])
def test_basic_and_unknown_plans_cost_twenty_dollars(plan_id: str | None) -> None:
    order = Order.of({"mode": "subscription", "plan_id": plan_id, "amount": 7}, PRICES)
    assert (order.plan_id, order.amount, order.cents, order.microcredits) == (plan_id, Decimal(20), 2_000, 20 * MICRO)


def test_configured_plan_has_its_configured_price() -> None:
    prices = PriceList(plans={"gold": Plan(cents=9_999, microcredits=150 * MICRO)})
    order = Order.of({"mode": "subscription", "plan_id": "gold"}, prices)
    assert (order.amount, order.cents, order.microcredits) == (Decimal("99.99"), 9_999, 150 * MICRO)


def test_amount_unit_may_be_cents() -> None:
    order = Order.of({"amount": 5_000}, PriceList(amount_unit="cents"))
    assert (order.amount, order.cents, order.microcredits) == (Decimal(5_000), 5_000, 50 * MICRO)


def test_snake_case_redirect_has_precedence() -> None:
    order = Order.of({"success_url": GOOD, "successUrl": OTHER, "cancelUrl": OTHER}, PRICES)
    assert (order.success_url, order.cancel_url) == (GOOD, OTHER)


def test_unusable_snake_case_redirect_is_none_despite_usable_camel_case() -> None:
    assert Order.of({"success_url": "javascript:alert(1)", "successUrl": GOOD}, PRICES).success_url is None
