from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.control.test_accounts import account_of
from tests.web.mock_client import HERE, KEY, OTHER, Mock, pointers, refused

PENDING: dict[str, Any] = {
    "mode": "payment",
    "plan_id": None,
    "amount": 50,
    "currency": "usd",
    "status": "pending",
    "credits": 50,
    "success_url": None,
    "cancel_url": None,
    "created_at": "2030-01-15T12:00:00.000Z",
    "expires_at": "2030-01-16T12:00:00.000Z",
    "completed_at": None,
    "email": None,
    "buyer_name": None,
    "country": None,
    "postal_code": None,
    "attempts": [],
}


def shown(mock: Mock, **query: Any) -> list[str]:
    sessions = mock.get("/_mock/sessions", params=query).json()["sessions"]
    return [session["id"] for session in sessions]


def test_session_shows_every_field_and_null_for_absent_values(mock: Mock) -> None:
    name = mock.create()
    assert mock.session(name) == {"id": name, "url": f"{HERE}/c/pay/{name}", "account": account_of(KEY), **PENDING}


def test_session_shows_its_order(mock: Mock) -> None:
    name = mock.create(amount=7, plan_id="plan-x", success_url="https://a.example/", cancel_url="http://b.example")
    ordered = {"amount": 7, "credits": 7, "plan_id": "plan-x", "mode": "payment"}
    redirects = {"success_url": "https://a.example/", "cancel_url": "http://b.example"}
    assert mock.session(name).items() >= {**ordered, **redirects}.items()


def test_paid_session_shows_its_payment(mock: Mock) -> None:
    name = mock.create()
    mock.pay(name, card="4000000000000002")
    mock.real_time.advance(minutes=1)
    mock.pay(name)
    session = mock.session(name)
    assert session["status"] == "completed"
    assert session["completed_at"] == "2030-01-15T12:01:00.000Z"
    assert session["attempts"] == [
        {"at": "2030-01-15T12:00:00.000Z", "card_brand": "Visa", "card_last4": "0002", "outcome": "generic_decline"},
        {"at": "2030-01-15T12:01:00.000Z", "card_brand": "Visa", "card_last4": "4242", "outcome": "paid"},
    ]


def test_list_shows_sessions_like_the_single_session(mock: Mock) -> None:
    mock.pay(mock.create())
    mock.create(amount=7)
    sessions = mock.get("/_mock/sessions").json()["sessions"]
    assert sessions == [mock.session(session["id"]) for session in sessions]


def test_sessions_of_all_accounts_are_listed_newest_first(mock: Mock) -> None:
    names = [mock.create(key=key) for key in (KEY, OTHER, KEY)]
    assert shown(mock) == names[::-1]
    assert shown(mock, key=KEY) == [names[2], names[0]]
    assert shown(mock, key=account_of(OTHER)) == [names[1]]


def test_sessions_are_listed_in_pages(mock: Mock) -> None:
    names = [mock.create(amount=1) for _ in range(5)][::-1]
    assert shown(mock, limit=2) == names[:2]
    assert shown(mock, limit=2, offset=2) == names[2:4]
    assert shown(mock, offset=5) == []
    assert shown(mock, offset=10**30) == []
    assert shown(mock, key=KEY, limit=1000, offset=4) == names[4:]


def test_list_has_fifty_sessions_by_default(mock: Mock) -> None:
    for _ in range(51):
        mock.create(amount=1)
    assert len(shown(mock)) == 50
    assert len(shown(mock, limit=1000)) == 51


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=1.0", "offset=-1", "offset=x", "limit=1&limit=2"],
)
@pytest.mark.parametrize("noun", ["sessions", "accounts"])
def test_invalid_list_bounds_are_refused(mock: Mock, noun: str, query: str) -> None:
    refused(mock.get(f"/_mock/{noun}?{query}"), 400, "invalid_request")


def test_sessions_are_filtered_by_status(mock: Mock) -> None:
    pending, paid, expired = mock.create(), mock.create(), mock.create(key=OTHER)
    mock.pay(paid)
    mock.post(f"/_mock/sessions/{expired}/expire")
    assert shown(mock, status="pending") == [pending]
    assert shown(mock, status="completed") == shown(mock, status="completed", key=KEY) == [paid]
    assert shown(mock, status="expired") == [expired]
    assert shown(mock, status="expired", key=KEY) == []
    mock.advance("24h")
    assert shown(mock, status="pending") == []
    assert shown(mock, status="expired") == [expired, pending]


@pytest.mark.parametrize("status", ["open", "PENDING", "", "paid"])
def test_invalid_status_is_refused(mock: Mock, status: str) -> None:
    refused(mock.get("/_mock/sessions", params={"status": status}), 400, "invalid_request")


@pytest.mark.parametrize("name", ["cs_test_none", "cs_test_" + "a" * 58, "x" * 3000, "%00", "é", "..%2f.."])
@pytest.mark.parametrize("verb", ["", "/pay", "/cancel", "/expire"])
def test_unknown_session_is_not_found(mock: Mock, name: str, verb: str) -> None:
    response = mock.request("POST" if verb else "GET", f"/_mock/sessions/{name}{verb}")
    assert response.status_code == 404
    refused(response, 404, response.json()["error_code"])
    assert len(response.json()["message"]) < 400


def test_session_url_has_the_request_address(mock: Mock) -> None:
    name = mock.create()
    asked = mock.get(f"/_mock/sessions/{name}", headers={"host": "mock.localhost:81"}).json()
    assert asked["url"] == f"http://mock.localhost:81/c/pay/{name}"


def test_lifetime_of_a_session_is_a_setting(start: Start) -> None:
    mock = start(session_ttl="30m")
    name = mock.create()
    assert mock.session(name)["expires_at"] == "2030-01-15T12:30:00.000Z"
    mock.advance("29m59s")
    assert mock.session(name)["status"] == "pending"
    mock.advance("1s")
    assert mock.session(name)["status"] == "expired"


def test_sessions_are_created_by_their_account_s_clock(mock: Mock) -> None:
    mock.advance("10d", key=KEY)
    session = mock.session(mock.create())
    assert session["created_at"] == "2030-01-25T12:00:00.000Z"
    assert session["expires_at"] == "2030-01-26T12:00:00.000Z"
    assert mock.session(mock.create(key=OTHER))["created_at"] == "2030-01-15T12:00:00.000Z"


def test_sessions_are_found_by_a_part_of_their_id(mock: Mock) -> None:
    names = [mock.create(), mock.create(), mock.create(key=OTHER)]
    assert shown(mock, id=names[0]) == [names[0]]
    assert shown(mock, id=names[2][-10:]) == [names[2]]
    assert shown(mock, id=names[2], key=KEY) == []
    assert shown(mock, id=names[2], key=OTHER, status="pending") == [names[2]]
    assert shown(mock, id="cs_test_", limit=2) == [names[2], names[1]]
    assert shown(mock, id="nothing-like-it") == []


def test_session_is_created_for_an_amount(mock: Mock) -> None:
    redirects = {"success_url": "https://a.example/?s={CHECKOUT_SESSION_ID}", "cancel_url": "http://b.example"}
    session = mock.post("/_mock/sessions", {"key": KEY, "amount": 7, **redirects}).json()["session"]
    assert session == {
        **PENDING,
        "id": session["id"],
        "url": session["url"],
        "account": account_of(KEY),
        "amount": 7,
        "credits": 7,
        **redirects,
    }
    assert mock.session(session["id"]) == session
    assert [each["id"] for each in mock.listed()] == [session["id"]]
    assert mock.pay(session["id"]).status_code == 200
    assert mock.balance() == 7


def test_session_is_created_for_a_plan_of_an_account_id(mock: Mock) -> None:
    mock.usage()
    session = mock.post("/_mock/sessions", {"key": account_of(KEY), "plan_id": "plan-basic"}).json()["session"]
    assert (session["mode"], session["plan_id"], session["account"]) == ("subscription", "plan-basic", account_of(KEY))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"amount": 5}, "/key"),
        ({"key": KEY}, "/amount"),
        ({"key": KEY, "amount": 5, "plan_id": "plan-basic"}, "/amount"),
        ({"key": KEY, "amount": 0}, "/amount"),
        ({"key": KEY, "amount": 1.5}, "/amount"),
        ({"key": KEY, "amount": "5"}, "/amount"),
        ({"key": KEY, "amount": True}, "/amount"),
        ({"key": KEY, "amount": 10**13}, "/amount"),
        ({"key": KEY, "plan_id": 5}, "/plan_id"),
        ({"key": KEY, "amount": 5, "success_url": "javascript:alert(1)"}, "/success_url"),
        ({"key": KEY, "amount": 5, "cancel_url": 5}, "/cancel_url"),
    ],
)
def test_session_that_cannot_be_sold_is_refused(mock: Mock, body: dict[str, Any], pointer: str) -> None:
    assert pointers(refused(mock.post("/_mock/sessions", body), 400, "invalid_request")) == {pointer}
    assert shown(mock) == []
