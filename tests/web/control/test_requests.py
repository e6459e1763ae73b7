from __future__ import annotations

import base64
import json

import pytest

from tests.web.conftest import Start
from tests.web.control.test_accounts import account_of
from tests.web.mock_client import HERE, KEY, OTHER, Mock, pointers, refused


def test_exchange_is_recorded_with_request_and_reply(mock: Mock) -> None:
    answer = mock.checkout({"amount": 50})
    mock.real_time.advance(seconds=1)
    (kept,) = mock.journal()
    assert kept.pop("duration_ms") >= 0
    assert kept.pop("id")
    assert kept.pop("headers").items() >= {"host": "127.0.0.1", "content-type": "application/json"}.items()
    assert kept.pop("response_headers").items() >= {"content-type": "application/json"}.items()
    assert kept == {
        "at": "2030-01-15T12:00:00.000Z",
        "mock_now": "2030-01-15T12:00:00.000Z",
        "method": "POST",
        "path": "/billing/checkout",
        "query": "",
        "operation": "POST /billing/checkout",
        "body": {"amount": 50},
        "body_text": '{"amount":50}',
        "status": 200,
        "response_body": answer.json(),
        "account": account_of(KEY),
        "truncated": False,
        "fault": None,
        "notes": [],
        "contract": {"request": [], "response": []},
    }


def test_exchange_is_recorded_with_its_account_s_time(mock: Mock) -> None:
    mock.advance("2h", key=KEY)
    mock.usage()
    (kept,) = mock.journal()
    assert (kept["at"], kept["mock_now"]) == ("2030-01-15T12:00:00.000Z", "2030-01-15T14:00:00.000Z")


def test_refused_request_is_recorded_with_its_violations(mock: Mock) -> None:
    mock.checkout({"amount": "50", "mode": "gift"})
    (kept,) = mock.journal()
    assert kept["status"] == 400
    assert pointers({"errors": kept["contract"]["request"]}) >= {"/amount", "/mode"}
    assert kept["response_body"]["errors"] == kept["contract"]["request"]
    assert kept["contract"]["response"] == []


@pytest.mark.parametrize("content", ["{", "\x00\xff", "plain", '{"a": NaN}'])
def test_non_json_body_is_recorded_as_text(mock: Mock, content: str) -> None:
    mock.billing("POST", "checkout", content=content, headers={"content-type": "application/json"})
    (kept,) = mock.journal()
    assert kept["body"] == content


def test_page_request_is_recorded_for_the_session_s_account(mock: Mock) -> None:
    name = mock.create()
    mock.get(f"/c/pay/{name}")
    kept = mock.journal(key=KEY)[0]
    assert (kept["method"], kept["path"], kept["status"]) == ("GET", f"/c/pay/{name}", 200)
    assert "<!DOCTYPE html>" in kept["response_body"]


def test_control_requests_are_not_recorded(mock: Mock) -> None:
    mock.get("/_mock/health")
    mock.advance("1h")
    mock.get("/_mock/nothing")
    assert mock.journal() == []


def test_exchanges_are_listed_newest_first_and_filtered(mock: Mock) -> None:
    mock.create()
    mock.usage()
    mock.billing("GET", "checkouts", params={"limit": 0})
    mock.usage(key=OTHER)
    mock.get("/billing/usage")

    def kept(**query: object) -> list[tuple[str, int]]:
        return [(one["path"].removeprefix("/billing/"), one["status"]) for one in mock.journal(**query)]

    everything = [("usage", 401), ("usage", 200), ("checkouts", 400), ("usage", 200), ("checkout", 200)]
    assert kept() == everything
    assert kept(key=KEY) == kept(key=account_of(KEY)) == everything[2:]
    assert kept(key=OTHER) == [("usage", 200)]
    assert kept(method="POST") == kept(method="post") == [("checkout", 200)]
    assert kept(path="/billing/usage") == [("usage", 401), ("usage", 200), ("usage", 200)]
    assert kept(path="/billing/check*") == [("checkouts", 400), ("checkout", 200)]
    assert kept(path="*/usage", status=401) == [("usage", 401)]
    assert kept(path="/billing") == []
    assert kept(status=404) == []
    assert kept(limit=2) == everything[:2]
    assert [one["id"] for one in mock.journal()] == sorted((one["id"] for one in mock.journal()), reverse=True)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "status=99", "status=600", "status=ok"])
def test_filters_out_of_bounds_are_refused(mock: Mock, query: str) -> None:
    refused(mock.get(f"/_mock/requests?{query}"), 400, "invalid_request")


def test_list_has_fifty_entries_by_default(mock: Mock) -> None:
    for _ in range(51):
        mock.usage()
    assert len(mock.journal()) == 50
    assert len(mock.journal(limit=1000)) == 51


def test_key_is_redacted_everywhere(mock: Mock) -> None:
    key = "sk-very-secret"
    mock.usage(key=key)
    mock.checkout({"amount": key, "mode": key, key: 1}, key=key)
    mock.checkout({"amount": 5, "success_url": f"https://a.example/?key={key}"}, key=key)
    mock.billing("GET", "usage", params={"key": key}, headers={"authorization": f"Bearer {key}", "cookie": f"k={key}"})
    mock.billing("GET", "checkouts", params={"limit": key})
    mock.get(f"/billing/{key}")
    mock.get("/billing/usage", headers={"x-access-token": f"{key}é".encode()})
    mock.get("/billing/usage", headers={"x-access-token": f"Bearer {key}"})
    journal = mock.get("/_mock/requests").text
    assert len(json.loads(journal)["requests"]) == 8
    assert "very-secret" not in journal
    assert "[redacted]" in journal


def test_secret_header_is_redacted_for_any_value(mock: Mock) -> None:
    mock.get("/billing/usage", headers={"x-access-token": "hunter2", "authorization": "Basic aHVudGVyMg=="})
    (kept,) = mock.journal()
    assert kept["headers"]["x-access-token"] == kept["headers"]["authorization"] == "[redacted]"


@pytest.mark.parametrize(("size", "truncated"), [(65_536, False), (65_537, True)])
def test_body_is_truncated_at_64_kib(mock: Mock, size: int, truncated: bool) -> None:
    mock.billing("POST", "checkout", content=b"x" * size, headers={"content-type": "application/json"})
    (kept,) = mock.journal()
    assert kept["truncated"] is truncated
    assert kept["body"] == "x" * 65_536


def test_body_over_the_limit_is_recorded_as_truncated(start: Start) -> None:
    mock = start(body_limit=1000)
    mock.billing("POST", "checkout", content=b"x" * 1001)
    (kept,) = mock.journal()
    assert kept["status"] == 413
    assert kept["truncated"] is True


def test_journal_holds_a_thousand_exchanges_of_an_account(mock: Mock) -> None:
    mock.usage(key=OTHER)
    mock.create()
    for _ in range(1000):
        mock.usage()
    assert [one["path"] for one in mock.journal(key=KEY, limit=1000)] == ["/billing/usage"] * 1000
    assert len(mock.journal(key=OTHER)) == 1


def test_exchanges_of_one_account_are_deleted(mock: Mock) -> None:
    mock.usage()
    mock.usage(key=OTHER)
    assert mock.delete(f"/_mock/requests?key={KEY}").status_code == 200
    assert mock.journal(key=KEY) == []
    assert len(mock.journal()) == 1
    assert mock.delete("/_mock/requests").status_code == 200
    assert mock.journal() == []


def test_deleting_exchanges_deletes_nothing_else(mock: Mock) -> None:
    name = mock.create()
    mock.delete("/_mock/requests")
    assert mock.session(name)["url"] == f"{HERE}/c/pay/{name}"


def test_secret_in_any_spelling_is_not_shown(mock: Mock) -> None:
    secret = "sk-Very-Secret"
    body = b'{"amount": 50, "plan_id": "sk\\u002dVery\\u002dSecret", "card": "4111 1111 1111 1111"}'
    headers = {"content-type": "application/json", "x-note": base64.b64encode(secret.encode()).decode()}
    mock.billing("POST", "checkout?key=sk%2DVery%2DSecret&card=4111111111111111", content=body, headers=headers)
    text = mock.get("/_mock/requests").text
    (kept,) = mock.journal()
    assert kept["headers"]["x-note"] == "[redacted]"
    assert kept["query"] == "key=[redacted]&card=[redacted]"
    assert kept["body"] == {"amount": 50, "plan_id": "[redacted]", "card": "[redacted]"}
    assert not [part for part in ("Secret", "4111", headers["x-note"]) if part in text]


def test_reply_with_a_number_that_may_be_a_card_is_judged_as_it_was_sent(start: Start) -> None:
    mock = start(profile="openapi")
    assert mock.checkout({"amount": 4111111111111111}).status_code == 200
    mock.listed()
    (exchange,) = mock.journal(path="/billing/checkouts")
    assert "4111111111111111" not in str(exchange)
    assert exchange["contract"]["response"] == []
