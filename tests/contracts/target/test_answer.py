"""Members of a body are found by their names, in a bounded time and with exact numbers."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.target.answer import members_called, parse_time


def answer(body: bytes) -> Exchange:
    return Exchange(Request("GET", "http://a/", {}), Response(200, {}, body))


def test_members_of_a_very_wide_body_are_looked_for_in_its_beginning() -> None:
    body = {"id": "a", **{f"m{number}": number for number in range(50_000)}, "sessionId": "b"}
    assert members_called(body, "id") == ["a"]
    assert members_called({"x": {"sessionId": "b"}}, "id") == ["b"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", Decimal("0.1")),
        ("1e3", Decimal(1000)),
        ("0e999999999999", Decimal(0)),
        ("1e400", math.inf),
        ("-1e999999999", math.inf),
        ("1e99999999999999999999", math.inf),
    ],
)
def test_number_beyond_binary64_is_no_exact_number(text: str, number: object) -> None:
    assert answer(f'{{"amount": {text}}}'.encode()).at("amount") == number


def test_large_bodies_are_read_as_small_ones() -> None:
    many = [{"id": str(number)} for number in range(30_000)]
    for body in ({"data": many}, {"data": many[:2]}, {"data": many}):
        assert answer(json.dumps(body).encode()).json == body


@pytest.mark.parametrize("text", ["2026-11-30T10:00:00z", "2026-11-30t10:00:00.5Z", "2026-11-30T15:30:00+05:30"])
def test_letters_of_a_time_may_be_small(text: str) -> None:
    time = parse_time(text)
    assert time is not None
    assert time.utctimetuple()[:5] == (2026, 11, 30, 10, 0)


@pytest.mark.parametrize("value", [1_796_032_800, 1_796_032_800.0, Decimal("1796032800.000"), 1_796_032_800_000])
def test_time_may_be_a_unix_time_in_seconds_or_milliseconds(value: object) -> None:
    assert parse_time(value) == datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", [7, 0, -1_796_032_800, True, 10**20, math.inf, "1796032800", None])
def test_number_of_another_century_is_no_time(value: object) -> None:
    assert parse_time(value) is None
