"""Usage and price cards."""

from __future__ import annotations

import pytest

from mockserver.domain.errors import InvalidRequest
from mockserver.domain.money import MICRO
from mockserver.domain.usage.price_card import PriceCard
from mockserver.domain.usage.usage import Usage


def test_usage_of_the_month_is_the_sum_of_its_breakdown() -> None:
    assert Usage(balance=0, used=9, breakdown={"indexing": 3, "search": 4}, plan_id=None).this_month == 7


@pytest.mark.parametrize(
    ("price", "microunits", "microcredits"),
    [
        (10_000, 120 * MICRO, 1_200_000),
        (0, 120 * MICRO, 0),
        (1, 499_999, 0),
        (1, 500_000, 1),
        (3, 500_000, 2),
        (10**12, 10**18, 10**24),
    ],
)
def test_price_of_units_is_rounded_half_up_to_a_microcredit(price: int, microunits: int, microcredits: int) -> None:
    assert PriceCard({"scene": price}).microcredits_for("scene", microunits) == microcredits


def test_default_card_has_the_observed_prices() -> None:
    seen = {"dubbing": 0.15, "file_upload": 0.09, "image_generation": 0.19, "llm": 1, "transcription": 0.01}
    assert {name: price / MICRO for name, price in PriceCard().prices.items()} == seen


def test_resource_without_a_price_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"'scene', which has no price; set one with --price .* or use dubbing, "):
        PriceCard().microcredits_for("scene", MICRO)
