"""The ledger of an account, with the balance after each entry."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.domain.identifier import account_of
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused


def ledger(mock: Mock, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = mock.get("/_mock/ledger", params={"key": KEY, **query}).json()
    return found


def test_ledger_has_every_entry_with_the_balance_after_it(mock: Mock) -> None:
    name = mock.create(amount=50)
    mock.pay(name)
    mock.real_time.advance(minutes=1)
    mock.post("/_mock/credits", {"key": KEY, "credits": 0.5})
    mock.consume(3.5, category="indexing")
    mock.consume(100, category="x")  # refused
    mock.pay(mock.create(key=OTHER), card="4242424242424242")
    entry = {"at": "2030-01-15T12:01:00.000Z", "session": None, "category": None, "units": None}
    assert ledger(mock) == {
        "account": account_of(KEY),
        "credit_balance": 47,
        "total": 3,
        "entries": [
            {**entry, "number": 3, "kind": "consumption", "credits": -3.5, "balance": 47, "category": "indexing"},
            {**entry, "number": 2, "kind": "grant", "credits": 0.5, "balance": 50.5},
            {
                **entry,
                "number": 1,
                "kind": "purchase",
                "credits": 50,
                "balance": 50,
                "at": "2030-01-15T12:00:00.000Z",
                "session": name,
            },
        ],
    }


def test_ledger_is_read_by_pages_and_by_steps(mock: Mock) -> None:
    for _ in range(10):
        mock.post("/_mock/credits", {"key": KEY, "credits": 1})

    def numbers(**query: Any) -> list[int]:
        return [entry["number"] for entry in ledger(mock, **query)["entries"]]

    assert numbers(limit=3) == [10, 9, 8]
    assert numbers(limit=3, offset=8) == [2, 1]
    assert numbers(limit=3, step=4) == [10, 6, 2]
    assert numbers(offset=10) == []
    assert [entry["balance"] for entry in ledger(mock, step=4)["entries"]] == [10, 6, 2]


def test_units_of_a_recharged_account_are_in_the_ledger(mock: Mock) -> None:
    mock.recharge(enabled=True, threshold=5, amount=10)
    mock.consume(4, category="llm")
    kinds = [(entry["kind"], entry["credits"], entry["balance"]) for entry in ledger(mock)["entries"]]
    assert kinds == [("consumption", -4, 6), ("recharge", 10, 10)]


def test_new_account_has_an_empty_ledger(mock: Mock) -> None:
    assert ledger(mock) == {"account": account_of(KEY), "credit_balance": 0, "total": 0, "entries": []}


@pytest.mark.parametrize("query", ["", f"?key={KEY}&step=0", f"?key={KEY}&limit=1001", "?key=acct_1"])
def test_ledger_of_nobody_is_refused(mock: Mock, query: str) -> None:
    assert pointers(refused(mock.get(f"/_mock/ledger{query}"), 400, "invalid_request"))
