"""Consumption of units of a resource."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused


def consume(mock: Mock, *, key: str = KEY, **fields: Any) -> httpx.Response:
    return mock.post("/_mock/usage", {"key": key, **fields})


@pytest.fixture
def funded(mock: Mock) -> Mock:
    """A mock whose account has 100 credits."""
    mock.post("/_mock/credits", {"key": KEY, "credits": 100})
    return mock


def test_units_cost_their_price_and_count_by_resource(funded: Mock) -> None:
    consume(funded, resource="transcription", units=120)
    consume(funded, resource="dubbing", units=0.5)
    answer = consume(funded, resource="transcription", units=30).json()
    assert answer["units"] == {"transcription": 150, "dubbing": 0.5}
    assert answer["usage"]["breakdown"] == {"transcription": 1.5, "dubbing": 0.075}
    assert answer["usage"]["credit_balance"] == 98.425
    assert answer["usage"] == funded.usage()


def test_plain_credits_count_no_units(funded: Mock) -> None:
    assert funded.consume(1, category="transcription").json()["units"] == {}
    assert consume(funded, resource="llm", units=1).json()["units"] == {"llm": 1}


def test_units_are_counted_for_one_account(funded: Mock) -> None:
    consume(funded, resource="llm", units=1)
    funded.post("/_mock/credits", {"key": OTHER, "credits": 7})
    assert consume(funded, key=OTHER, resource="dubbing", units=1).json()["units"] == {"dubbing": 1}


def test_refused_consumption_counts_no_units(funded: Mock) -> None:
    refused(consume(funded, resource="llm", units=101), 402, "insufficient_credits")
    assert consume(funded, resource="llm", units=100).json()["units"] == {"llm": 100}


def test_prices_are_settings(start: Start) -> None:
    mock = start(prices="search_query=0.25,transcription=2")
    mock.post("/_mock/credits", {"key": KEY, "credits": 10})
    assert consume(mock, resource="search_query", units=2).json()["usage"]["credit_balance"] == 9.5
    assert consume(mock, resource="transcription", units=2).json()["usage"]["credit_balance"] == 5.5
    assert consume(mock, resource="llm", units=1).json()["usage"]["credit_balance"] == 4.5


def test_resource_without_a_price_is_refused(funded: Mock) -> None:
    body = refused(consume(funded, resource="scene", units=1), 400, "invalid_request")
    assert pointers(body) == {"/resource"}
    assert "--price NAME=CREDITS" in body["message"]
    assert consume(funded, key="sk-new", resource="scene", units=1).status_code == 400
    assert len(funded.get("/_mock/accounts").json()["accounts"]) == 1


@pytest.mark.parametrize("units", [0, -1, "1", None, True, 1e-7, 1e13, [1]])
def test_invalid_units_are_refused(funded: Mock, units: Any) -> None:
    body = refused(consume(funded, resource="llm", units=units), 400, "invalid_request")
    assert pointers(body) == {"/units"}
    assert funded.balance() == 100


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"units": 1}, "/resource"),
        ({"resource": 5, "units": 1}, "/resource"),
        ({"resource": "", "units": 1}, "/resource"),
        ({"resource": "llm"}, "/units"),
        ({"resource": "llm", "units": 1, "credits": 1}, "/credits"),
        ({"resource": "llm", "units": 1, "category": "x"}, "/category"),
    ],
)
def test_units_need_a_resource_and_exclude_credits(funded: Mock, fields: dict[str, Any], pointer: str) -> None:
    assert pointers(refused(consume(funded, **fields), 400, "invalid_request")) == {pointer}
    assert funded.balance() == 100
