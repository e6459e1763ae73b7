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


def test_recharge_happens_below_the_threshold_but_not_at_it() -> None:
    assert ON.charge(10 * MICRO, PRICES) is None
    assert ON.charge(10 * MICRO - 1, PRICES) == Charge(2_000, 20 * MICRO)
    assert ON.charge(-1_000 * MICRO, PRICES) == Charge(2_000, 20 * MICRO), "once, however low"


def test_recharge_that_is_off_or_has_no_amount_charges_nothing() -> None:
    assert AutoRecharge().charge(-1, PRICES) is None
    assert AutoRecharge(enabled=False, threshold=Decimal(10), amount=Decimal(20)).charge(0, PRICES) is None
    assert AutoRecharge(enabled=True, threshold=Decimal(10)).charge(0, PRICES) is None
    assert AutoRecharge(enabled=True, threshold=Decimal(10), amount=Decimal("0.004")).charge(0, PRICES) is None


def test_recharged_credits_follow_price_list_and_amount_unit() -> None:
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
def test_partial_change_keeps_other_settings(body: dict[str, Any], expected: AutoRecharge) -> None:
    assert ON.with_changes(body) == expected


@given(amount=st.floats(0, 999_999), balance=st.integers(-(10**15), 10**15))
def test_recharge_is_whole_cents_and_credits_only_those(amount: float, balance: int) -> None:
    recharge = AutoRecharge(enabled=True, threshold=Decimal(0), amount=Decimal(repr(amount)))
    charge = recharge.charge(balance, PRICES)
    if balance >= 0:
        assert charge is None
    elif charge is None:
        assert amount < 0.005
    else:
        assert abs(Decimal(charge.cents) - Decimal(repr(amount)) * 100) <= Decimal("0.5")
        assert charge.microcredits == charge.cents * MICRO // 100
