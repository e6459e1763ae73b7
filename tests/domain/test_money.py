from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.errors import InvalidRequest
from mockserver.domain.money import MICRO, MOST_CREDITS, as_credits, as_decimal, as_json_number, parse_microcredits


@given(st.one_of(st.integers(-(10**300), 10**300), st.floats(allow_nan=False, allow_infinity=False)))
def test_number_is_rendered_as_given(number: float) -> None:
    assert as_json_number(as_decimal(number)) == number


@pytest.mark.parametrize(
    ("number", "text"), [(50.0, "50"), (50, "50"), (10.5, "10.5"), (1e300, "1e+300"), (2**60, str(2**60))]
)
def test_whole_number_is_rendered_without_fraction(number: float, text: str) -> None:
    assert json.dumps(as_json_number(as_decimal(number))) == text


@given(st.integers(1, MOST_CREDITS * MICRO))
def test_credits_are_converted_exactly(microcredits: int) -> None:
    assert as_decimal(as_credits(microcredits)) * MICRO == pytest.approx(Decimal(microcredits), rel=Decimal("1e-15"))


@pytest.mark.parametrize(
    ("given_", "micro"), [(100, 100 * MICRO), (3.5, 3_500_000), (0.000001, 1), (MOST_CREDITS, MOST_CREDITS * MICRO)]
)
def test_credits_of_up_to_six_decimals_are_parsed_exactly(given_: float, micro: int) -> None:
    assert parse_microcredits(given_) == micro


@pytest.mark.parametrize(
    "given_", [0, -1, 0.0000001, MOST_CREDITS + 1, 10**400, True, "5", None, [], float("inf"), float("nan")]
)
def test_other_credits_are_refused(given_: object) -> None:
    with pytest.raises(InvalidRequest, match="credits is"):
        parse_microcredits(given_)
