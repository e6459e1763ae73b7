"""Two purchases are of one rate, or not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from mockserver_contracts.target.rate import Rate


def rate(credits: str, dollars: int) -> Rate:
    return Rate(Decimal(credits), dollars)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rate("50", 50), rate("999999", 999_999)),
        (rate("40", 50), rate("0.8", 1)),
        # A third, rounded to hundredths.
        (rate("16.67", 50), rate("100", 300)),
        (rate("333333", 999_999), rate("0.33", 1)),
        (rate("0.33", 1), rate("9.67", 29)),
    ],
)
def test_purchases_of_one_rate_explain_each_other(one: Rate, other: Rate) -> None:
    assert one.explains(other, exactly=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rate("29", 29), rate("999998", 999_999)),
        (rate("29", 29), rate("1.01", 1)),
        (rate("16.67", 50), rate("101", 300)),
        (rate("333333", 999_999), rate("0.4", 1)),
    ],
)
def test_purchases_of_different_rates_do_not(one: Rate, other: Rate) -> None:
    assert not one.explains(other, exactly=False)


def test_rounded_rate_is_another_one_where_exactness_counts() -> None:
    assert not rate("16.67", 50).explains(rate("100", 300), exactly=True)
