from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.duration import duration
from mockserver.domain.errors import InvalidRequest


@pytest.mark.parametrize(
    ("given_", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("24h", 86_400),
        ("2d", 172_800),
        ("1h30m", 5_400),
        ("1d2h3m4s", 93_784),
        ("24H", 86_400),
        ("PT24H", 86_400),
        ("P1DT1H", 90_000),
        ("P2W", 1_209_600),
        ("PT1.5S", 1.5),
        ("90", 90),
        ("1.5", 1.5),
        (90, 90),
        (0.001, 0.001),
        (0, 0),
        (" 5s ", 5),
    ],
)
def test_duration_is_parsed_in_every_form(given_: object, seconds: float) -> None:
    assert duration(given_) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "given_",
    [
        *["", "h", "24 h", "30m1h", "1h1h", "1y", "P1Y", "P1M", "P", "PT", "P1DT", "1e3", "soon", "٣s", "1h 30m"],
        *[None, True, [], {}, "9" * 400, "1" * 13, float("nan"), float("inf")],
    ],
)
def test_invalid_duration_is_refused_with_valid_forms(given_: object) -> None:
    with pytest.raises(InvalidRequest):
        duration(given_)


@pytest.mark.parametrize("given_", ["-1s", "-PT1S", -1, "-0.5", -0.5])
def test_negative_duration_is_refused_as_negative(given_: object) -> None:
    with pytest.raises(InvalidRequest, match="negative"):
        duration(given_)


def test_duration_over_a_thousand_years_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="too long"):
        duration("366001d")


@given(st.one_of(st.text(), st.integers(), st.floats()))
def test_any_value_is_parsed_as_duration_or_refused(given_: object) -> None:
    with suppress(InvalidRequest):
        assert duration(given_) >= timedelta()
