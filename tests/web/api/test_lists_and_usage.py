from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.web.mock_client import KEY, OTHER, Mock, refused


def test_list_shows_each_session_in_five_fields(mock: Mock) -> None:
    name = mock.create(amount=100)
    answer = mock.billing("GET", "checkouts")
    assert answer.json() == {
        "success": True,
        "data": [
            {
                "id": name,
                "amount": 100,
                "currency": "usd",
                "status": "pending",
                "created_at": "2030-01-15T12:00:00.000Z",
            }
        ],
    }


def test_account_without_sessions_has_an_empty_list(mock: Mock) -> None:
    assert mock.billing("GET", "checkouts").json() == {"success": True, "data": []}


def test_list_is_newest_first_in_order_of_creation_even_within_one_millisecond(mock: Mock) -> None:
    names = [mock.create(amount=amount) for amount in range(1, 6)]
    listed = mock.listed()
    assert [session["id"] for session in listed] == names[::-1]
    assert len({session["created_at"] for session in listed}) == 1


def test_list_has_ten_entries_by_default(mock: Mock) -> None:
    names = [mock.create(amount=1) for _ in range(12)][::-1]

    def shown(**query: Any) -> list[str]:
        return [session["id"] for session in mock.listed(**query)]

    assert shown() == names[:10]
    assert shown(limit=100) == names
    assert shown(limit=1) == names[:1]
    assert shown(limit=5, offset=5) == names[5:10]
    assert shown(offset=10) == names[10:]
    assert shown(offset=12) == shown(offset=1000) == shown(offset=10**20, limit=100) == []


@pytest.mark.parametrize("offset", [2**31, 2**63 - 1, 2**63, 2**64, 10**300])
def test_offset_past_every_end_is_an_empty_list(mock: Mock, offset: int) -> None:
    mock.create()
    assert mock.listed(offset=offset) == []
    assert mock.get(f"/_mock/sessions?offset={offset % 10**40}").status_code == 200


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "x", "", "1.5", "1e1", "0x1", "٣", "%00", " 1", "null", "true", "1,2"])
def test_invalid_bound_is_refused(mock: Mock, name: str, value: str) -> None:
    body = refused(mock.billing("GET", f"checkouts?{name}={value}"), 400, "invalid_request")
    assert name in body["message"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=1&limit=2", "offset=0&offset=1", "limit=9" + "9" * 400]
)
def test_repeated_or_out_of_range_bound_is_refused(mock: Mock, query: str) -> None:
    refused(mock.billing("GET", f"checkouts?{query}"), 400, "invalid_request")


def test_expired_and_abandoned_sessions_are_listed(mock: Mock) -> None:
    paid, expired, abandoned = (mock.create() for _ in range(3))
    mock.pay(paid)
    mock.post(f"/_mock/sessions/{expired}/expire")
    mock.advance("24h")
    pending = mock.create()
    assert [(session["id"], session["status"]) for session in mock.listed()] == [
        (pending, "pending"),
        (abandoned, "expired"),
        (expired, "expired"),
        (paid, "completed"),
    ]


def test_sessions_created_on_a_later_clock_come_first(mock: Mock) -> None:
    for by in ("1h", "1m"):
        mock.create()
        mock.advance(by)
    times = [session["created_at"] for session in mock.listed()]
    assert all(later > earlier for later, earlier in pairwise(times))


def test_new_account_has_no_usage(mock: Mock) -> None:
    body = mock.billing("GET", "usage").json()
    email = body["data"].pop("email")
    assert body == {
        "success": True,
        "data": {
            "credit_balance": 0,
            "usage_this_month": 0,
            "breakdown": {},
            "plan_id": body["data"]["plan_id"],
            "credit_used": 0,
        },
    }
    assert "@" in email
    assert KEY not in email
    assert body["data"]["plan_id"]


def test_every_payment_is_added_to_the_balance(mock: Mock) -> None:
    mock.post("/_mock/credits", {"key": KEY, "credits": 0.25})
    for amount in (50, 7):
        mock.pay(mock.create(amount=amount))
        mock.create(amount=1000)
    usage = mock.usage()
    assert (usage["credit_balance"], usage["usage_this_month"], usage["credit_used"]) == (57.25, 0, 0)
    assert mock.balance(key=OTHER) == 0


def test_plan_is_the_last_paid_one(mock: Mock) -> None:
    free = mock.usage()["plan_id"]
    name = mock.create(mode="subscription", plan_id="plan-pro")
    assert mock.usage()["plan_id"] == free
    mock.pay(name)
    assert mock.usage()["plan_id"] == "plan-pro"
    mock.pay(mock.create(amount=5))
    assert mock.usage()["plan_id"] == "plan-pro"


@pytest.mark.parametrize("path", ["checkouts", "usage"])
def test_undeclared_query_names_are_accepted(mock: Mock, path: str) -> None:
    assert mock.billing("GET", f"{path}?page=2&=&x").status_code == 200
