from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.errors import InvalidRequest
from mockserver.domain.instant import (
    EPOCH,
    LATEST,
    from_milliseconds,
    milliseconds,
    month_start,
    parse_instant,
    rfc3339,
)

instants = st.integers(0, milliseconds(LATEST)).map(from_milliseconds)


@given(instants)
def test_instant_survives_formatting_and_parsing(instant: datetime) -> None:
    assert parse_instant(rfc3339(instant)) == instant
    assert from_milliseconds(milliseconds(instant)) == instant
    assert len(rfc3339(instant)) == len("2030-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.000Z"),
        ("2030-01-01t02:00:00+02:00", "2030-01-01T00:00:00.000Z"),
        ("2030-01-01T00:00:00.123456789Z", "2030-01-01T00:00:00.123Z"),
    ],
)
def test_rfc_3339_forms_are_parsed_to_the_millisecond(text: str, shown: str) -> None:
    assert rfc3339(parse_instant(text)) == shown


@pytest.mark.parametrize(
    "given_",
    ["", "2030-01-01", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z", "2030-W01-1T00:00:00Z", "now", None, 5, True],
)
def test_invalid_instant_is_refused(given_: object) -> None:
    with pytest.raises(InvalidRequest, match="not an instant"):
        parse_instant(given_)


@pytest.mark.parametrize("text", ["1969-12-31T23:59:59Z", "9000-01-01T00:00:01Z", "9999-12-31T23:59:59Z"])
def test_instant_outside_clock_range_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="out of range"):
        parse_instant(text)


def test_month_starts_with_its_first_day() -> None:
    assert month_start(datetime(2026, 3, 31, 23, 59, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)
    assert month_start(EPOCH + timedelta(days=40)) == datetime(1970, 2, 1, tzinfo=UTC)
