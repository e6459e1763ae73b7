from __future__ import annotations

from typing import Any

import pytest

from tests.auditor import Exchange
from tests.replicas.tally import Tally, count

KEY = "sk-counted"
NAME = "cs_test_counted"


def a_history(*, status: str = "completed", balance: int = 25, invoices: int = 1, listed: bool = True) -> Tally:
    """The tally of a session of 5 credits that was paid, 20 credits that were given, and this survey."""
    view = {"id": NAME, "status": status, "credits": 5}
    usage = {"credit_balance": balance, "credit_used": 0}
    exchanges = [
        an_exchange("POST", "/billing/checkout", 1, {"id": NAME}, key=KEY),
        an_exchange("POST", f"/_mock/sessions/{NAME}/pay", 2, {}),
        an_exchange("POST", "/_mock/credits", 3, {}, body={"key": KEY, "credits": 20}),
        an_exchange("GET", "/_mock/sessions", 4, {"sessions": [view] if listed else []}, query={"key": KEY}),
        an_exchange("GET", "/billing/invoices", 5, {"data": [{}] * invoices}, key=KEY),
        an_exchange("GET", "/billing/usage", 6, {"data": usage}, key=KEY),
    ]
    return count(exchanges, [KEY], surveyed=4)


def an_exchange(method: str, path: str, sent: float, answer: Any, **parts: Any) -> Exchange:
    return Exchange(method, path, sent, sent + 0.5, 200, answer, **parts)


def test_survey_that_shows_each_change_once_is_accepted() -> None:
    tally = a_history()
    assert (tally.changes, tally.lost, tally.doubled) == (3, [], [])


@pytest.mark.parametrize(
    ("survey", "lost"),
    [
        ({"status": "pending", "balance": 20, "invoices": 0}, [f"payment of {NAME}"]),
        ({"balance": 5}, ["20 credits"]),
        ({"listed": False, "balance": 20, "invoices": 0}, [f"session {NAME}", f"payment of {NAME}"]),
    ],
)
def test_missing_change_is_lost(survey: dict[str, Any], lost: list[str]) -> None:
    tally = a_history(**survey)
    assert [found.partition(" of acct")[0] for found in tally.lost] == lost
    assert tally.doubled == []


@pytest.mark.parametrize(
    ("survey", "doubled"), [({"balance": 30}, "5 credits"), ({"invoices": 2}, "2 invoices for 1 payments")]
)
def test_credits_and_invoices_beyond_the_changes_are_doubled(survey: dict[str, Any], doubled: str) -> None:
    tally = a_history(**survey)
    assert [found.partition(" of acct")[0] for found in tally.doubled] == [doubled]
    assert tally.lost == []
