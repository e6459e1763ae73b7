from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.money import MICRO
from mockserver.domain.order import PriceList
from mockserver.domain.recharge import AutoRecharge, Charge

PRICES = PriceList()
ON = AutoRecharge(enabled=True, threshold=Decimal(10), amount=Decimal(20))


def test_it_charges_when_the_balance_is_under_the_threshold_and_not_at_it() -> None:
    assert ON.charge(10 * MICRO, PRICES) is None
    assert ON.charge(10 * MICRO - 1, PRICES) == Charge(2_000, 20 * MICRO)
    assert ON.charge(-1_000 * MICRO, PRICES) == Charge(2_000, 20 * MICRO), "once, however low"


def test_switched_off_or_for_nothing_it_charges_nothing() -> None:
    assert AutoRecharge().charge(-1, PRICES) is None
    assert AutoRecharge(enabled=False, threshold=Decimal(10), amount=Decimal(20)).charge(0, PRICES) is None
    assert AutoRecharge(enabled=True, threshold=Decimal(10)).charge(0, PRICES) is None
    assert AutoRecharge(enabled=True, threshold=Decimal(10), amount=Decimal("0.004")).charge(0, PRICES) is None


def test_credits_follow_the_price_list_and_its_unit() -> None:
    assert ON.charge(0, PriceList(microcredits_per_dollar=5 * MICRO)) == Charge(2_000, 100 * MICRO)
    assert ON.charge(0, PriceList(amount_unit="cents")) == Charge(20, MICRO // 5)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ON),
        ({"enabled": False}, AutoRecharge(enabled=False, threshold=Decimal(10), amount=Decimal(20))),
        ({"threshold": 0.1}, AutoRecharge(enabled=True, threshold=Decimal("0.1"), amount=Decimal(20))),
        ({"amount": 0, "else": 1}, AutoRecharge(enabled=True, threshold=Decimal(10), amount=Decimal(0))),
    ],
)
def test_what_a_change_leaves_out_stays(body: dict[str, Any], expected: AutoRecharge) -> None:
    assert ON.with_changes(body) == expected


@given(amount=st.floats(0, 999_999), balance=st.integers(-(10**15), 10**15))
def test_what_is_charged_is_whole_cents_and_only_that_is_credited(amount: float, balance: int) -> None:
    recharge = AutoRecharge(enabled=True, threshold=Decimal(0), amount=Decimal(repr(amount)))
    charge = recharge.charge(balance, PRICES)
    if balance >= 0:
        assert charge is None
    elif charge is None:
        assert amount < 0.005
    else:
        assert abs(Decimal(charge.cents) - Decimal(repr(amount)) * 100) <= Decimal("0.5")
        assert charge.microcredits == charge.cents * MICRO // 100
