from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.control.test_accounts import account_of
from tests.web.mock_client import HERE, KEY, OTHER, Mock, pointers, refused

DOWN: dict[str, Any] = {"status": 503, "headers": {"Retry-After": "2"}, "body": {"success": False, "message": "Down"}}


def planned(mock: Mock, **plan: Any) -> dict[str, Any]:
    """Plan a fault and return it."""
    answer = mock.post("/_mock/faults", plan)
    assert answer.status_code == 200, answer.text
    fault: dict[str, Any] = answer.json()["fault"]
    return fault


def listed(mock: Mock, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = mock.get("/_mock/faults", params=query).json()["faults"]
    return found


def test_fault_json_is_a_valid_plan(mock: Mock) -> None:
    plan = {
        "match": {"method": "get", "path": "/billing/*", "key": KEY},
        "times": 2,
        "probability": 0.5,
        "seed": 7,
        "delay": "1m30s",
        "then": DOWN,
    }
    fault = planned(mock, **plan)
    assert fault.pop("id").startswith("fault_")
    assert (fault.pop("remaining"), fault.pop("struck")) == (2, 0)
    assert fault == {
        **plan,
        "match": {"method": "GET", "path": "/billing/*", "key": account_of(KEY)},
        "delay": 90,
        "then": {**DOWN, "headers": {"Retry-After": "2", "Content-Type": "application/json"}},
    }
    again = planned(mock, **fault)
    assert {name: again[name] for name in fault} == fault


def test_planned_answer_replaces_the_mock_s_own_without_effect(mock: Mock) -> None:
    planned(mock, then=DOWN)
    answer = mock.checkout({"amount": 50})
    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (503, "2", DOWN["body"])
    assert answer.headers["content-type"] == "application/json"
    assert mock.listed() == []
    mock.create()
    assert len(mock.listed()) == 1


@pytest.mark.parametrize("body", [[1, 2], None, "text", 0, {"success": False}, {"success": False, "error_code": "x"}])
def test_planned_body_may_be_any_json(mock: Mock, body: Any) -> None:
    planned(mock, then={"status": 200, "body": body})
    assert mock.billing("GET", "usage").text == json.dumps(body, separators=(",", ":"))


def test_planned_text_is_sent_unchanged_with_its_content_type(mock: Mock) -> None:
    page = "<h1>Bad Gateway ü</h1>"
    fault = planned(mock, then={"status": 502, "headers": {"content-type": "text/html"}, "body": page})
    assert fault["then"]["body"] == page
    answer = mock.billing("GET", "usage")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (502, "text/html", page.encode())


def test_planned_answer_without_a_body_is_empty(mock: Mock) -> None:
    for status in (200, 204, 304, 500):
        planned(mock, then={"status": status})
        answer = mock.billing("GET", "usage")
        assert (answer.status_code, answer.content) == (status, b"")
        assert "content-type" not in answer.headers


def test_malformed_reply_is_complete_and_processed_but_not_json(mock: Mock) -> None:
    planned(mock, then="malformed")
    answer = mock.checkout({"amount": 50})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert int(answer.headers["content-length"]) == len(answer.content) > 50
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        answer.json()
    assert len(mock.listed()) == 1


def test_empty_reply_keeps_its_status(mock: Mock) -> None:
    planned(mock, then="empty")
    answer = mock.checkout({"amount": 50})
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "0", b"")
    assert len(mock.listed()) == 1


def test_reset_without_a_socket_is_a_connection_error(mock: Mock) -> None:
    planned(mock, then="reset")
    with pytest.raises(ConnectionResetError):
        mock.checkout({"amount": 50})
    assert mock.listed() == []


def test_fault_strikes_as_often_as_planned(mock: Mock) -> None:
    planned(mock, then=DOWN, times=3)
    assert [mock.billing("GET", "usage").status_code for _ in range(5)] == [503, 503, 503, 200, 200]
    (fault,) = listed(mock)
    assert (fault["struck"], fault["remaining"]) == (3, 0)


def test_fault_with_unlimited_times_strikes_until_deleted(mock: Mock) -> None:
    fault = planned(mock, then=DOWN, times=None)
    assert {mock.billing("GET", "usage").status_code for _ in range(9)} == {503}
    assert mock.delete("/_mock/faults", params={"id": fault["id"]}).json()["faults"][0]["struck"] == 9
    assert mock.billing("GET", "usage").status_code == 200


def test_first_matching_fault_in_planning_order_strikes(mock: Mock) -> None:
    planned(mock, match={"path": "/billing/checkouts"}, then={"status": 500})
    planned(mock, match={"method": "GET"}, then={"status": 501}, times=2)
    planned(mock, then={"status": 502})
    asked = [mock.billing("GET", path).status_code for path in ("usage", "checkouts", "checkouts", "usage", "usage")]
    assert asked == [501, 500, 501, 502, 200]


def test_request_spared_by_chance_meets_the_next_fault(mock: Mock) -> None:
    planned(mock, then={"status": 500}, probability=0, times=None)
    planned(mock, then={"status": 501})
    assert [mock.billing("GET", "usage").status_code for _ in range(2)] == [501, 200]


def test_chance_is_repeatable_for_the_same_plan(start: Start) -> None:
    def run(seed: int) -> list[int]:
        mock = start()
        planned(mock, then=DOWN, probability=0.5, times=None, seed=seed)
        return [mock.billing("GET", "usage").status_code for _ in range(40)]

    assert run(1) == run(1) != run(2)
    assert set(run(1)) == {200, 503}


def test_account_fault_strikes_only_its_account_until_reset(mock: Mock) -> None:
    planned(mock, match={"key": KEY}, then=DOWN, times=None)
    assert mock.billing("GET", "usage", key=OTHER).status_code == 200
    assert mock.get("/billing/usage").status_code == 401
    assert mock.billing("GET", "usage").status_code == 503
    assert listed(mock, key=OTHER) == []
    assert len(listed(mock, key=KEY)) == 1
    mock.post("/_mock/reset", {"key": OTHER})
    assert mock.billing("GET", "usage").status_code == 503
    mock.post("/_mock/reset", {"key": KEY})
    assert mock.billing("GET", "usage").status_code == 200


def test_common_fault_strikes_requests_without_a_key_too(mock: Mock) -> None:
    planned(mock, then={"status": 429}, times=2)
    assert mock.get("/billing/usage").status_code == 429
    assert mock.get("/nowhere").status_code == 429


def test_control_api_is_never_struck(mock: Mock) -> None:
    planned(mock, match={"path": "*"}, then=DOWN, times=None)
    for path in ("/_mock/health", "/_mock/faults", "/_mock/requests", "/_mock/nowhere"):
        assert mock.get(path).status_code != 503
    assert mock.billing("GET", "usage").status_code == 503


def test_pages_and_invoices_are_struck_for_their_account(mock: Mock) -> None:
    name = mock.create()
    mock.pay(name)
    pdf = mock.invoices()[0]["pdf_url"].removeprefix(HERE)
    for path in (f"/c/pay/{name}", f"/pay/{name}", pdf):
        planned(mock, match={"key": KEY, "path": path}, then={"status": 500})
        assert [mock.get(path).status_code for _ in range(2)] == [500, 200]
        planned(mock, match={"key": OTHER, "path": path}, then={"status": 500})
        assert mock.get(path).status_code == 200
    assert mock.get("/c/pay/cs_test_unknown").status_code == 404


def test_preflight_is_struck_only_if_its_method_is_named(mock: Mock) -> None:
    planned(mock, then=DOWN)
    assert mock.request("OPTIONS", "/billing/checkout").status_code == 204
    planned(mock, match={"method": "OPTIONS"}, then=DOWN)
    assert mock.request("OPTIONS", "/billing/checkout").status_code == 503
    assert mock.billing("GET", "usage").status_code == 503


def test_planned_answer_is_readable_by_a_local_page(mock: Mock) -> None:
    planned(mock, then=DOWN)
    answer = mock.billing("GET", "usage", headers={"origin": "http://localhost:3000"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (503, "http://localhost:3000")


def test_journal_entry_shows_the_reply_and_the_fault(mock: Mock) -> None:
    faults = [
        planned(mock, then=then) for then in (DOWN, "malformed", "empty", "truncate", {"status": 200, "body": []})
    ]
    for _ in faults:
        mock.billing("GET", "usage")
    mock.billing("GET", "usage")
    kept = mock.journal()[::-1]
    assert [exchange["fault"] for exchange in kept] == [*(fault["id"] for fault in faults), None]
    assert [exchange["status"] for exchange in kept] == [503, 200, 200, 200, 200, 200]
    codes = [[told["code"] for told in exchange["contract"]["response"]] for exchange in kept]
    assert codes == [["undocumented_status"], ["spoilt"], ["spoilt"], ["spoilt"], ["type"], []]
    assert kept[0]["response_body"] == DOWN["body"]
    assert kept[2]["response_body"] is None


def test_reset_request_is_recorded_without_a_status(mock: Mock) -> None:
    fault = planned(mock, then="reset")
    with pytest.raises(ConnectionResetError):
        mock.billing("GET", "usage")
    (kept,) = mock.journal()
    assert (kept["status"], kept["fault"], kept["response_body"]) == (None, fault["id"], None)


def test_faults_are_deleted_by_id_by_account_or_all(mock: Mock) -> None:
    first, _, _ = (planned(mock, match={"key": key} if key else {}, then=DOWN) for key in (None, KEY, OTHER))
    assert [fault["id"] for fault in mock.delete(f"/_mock/faults?id={first['id']}").json()["faults"]] == [first["id"]]
    assert len(mock.delete(f"/_mock/faults?key={KEY}").json()["faults"]) == 1
    assert [fault["match"] for fault in listed(mock)] == [{"key": account_of(OTHER)}]
    mock.delete("/_mock/faults")
    assert listed(mock) == []
    refused(mock.get("/_mock/faults?id=fault_x"), 404, "not_found")
    refused(mock.delete("/_mock/faults?id=fault_x"), 404, "not_found")


def test_pending_faults_are_limited_to_a_thousand(mock: Mock) -> None:
    for _ in range(1_000):
        planned(mock, then=DOWN)
    assert (
        "DELETE /_mock/faults" in refused(mock.post("/_mock/faults", {"then": DOWN}), 400, "invalid_request")["message"]
    )


def test_last_spent_faults_are_listed(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.billing.faults.MOST_SPENT", 2)
    for status in (500, 501, 502, 503):
        planned(mock, then={"status": status})
        assert mock.billing("GET", "usage").status_code == status
    planned(mock, then=DOWN, times=2)
    assert [(each["then"]["status"], each["remaining"]) for each in listed(mock)] == [(502, 0), (503, 0), (503, 2)]


def test_planned_path_is_normalized_like_a_request_path(mock: Mock) -> None:
    assert planned(mock, match={"path": "//billing///usage"}, then=DOWN)["match"] == {"path": "/billing/usage"}
    assert mock.billing("GET", "usage").status_code == 503


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        ({}, "/then"),
        ({"times": 2}, "/then"),
        ({"delay": 0}, "/then"),
        ({"then": "explode"}, "/then"),
        ({"then": 503}, "/then"),
        ({"then": []}, "/then"),
        ({"then": {}}, "/then/status"),
        ({"then": {"status": 199}}, "/then/status"),
        ({"then": {"status": 600}}, "/then/status"),
        ({"then": {"status": "503"}}, "/then/status"),
        ({"then": {"status": True}}, "/then/status"),
        ({"then": {"status": 204, "body": {}}}, "/then/body"),
        ({"then": {"status": 200, "headers": {"content-type": "text/html"}, "body": {}}}, "/then/body"),
        ({"then": {"status": 200, "headers": []}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a b": "c"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"": "c"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a": "b\r\nset-cookie: c"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a": None}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a": "日本"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"Content-Length": "5"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"transfer-encoding": "chunked"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"Date": "today"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a": " b"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"a": "b\t"}}}, "/then/headers"),
        ({"then": {"status": 200, "headers": {"X-A": "b", "x-a": "c"}}}, "/then/headers"),
        ({"then": {"status": 200, "reason": "x"}}, "/then/reason"),
        ({"then": "reset", "times": 0}, "/times"),
        ({"then": "reset", "times": -1}, "/times"),
        ({"then": "reset", "times": 1.5}, "/times"),
        ({"then": "reset", "times": "2"}, "/times"),
        ({"then": "reset", "times": 10**9}, "/times"),
        ({"then": "reset", "probability": 2}, "/probability"),
        ({"then": "reset", "probability": -0.1}, "/probability"),
        ({"then": "reset", "probability": "half"}, "/probability"),
        ({"then": "reset", "seed": 1.5}, "/seed"),
        ({"delay": "-3s"}, "/delay"),
        ({"delay": "soon"}, "/delay"),
        ({"delay": "61m"}, "/delay"),
        ({"then": "reset", "match": "all"}, "/match"),
        ({"then": "reset", "match": {"method": "FETCH"}}, "/match/method"),
        ({"then": "reset", "match": {"path": "billing"}}, "/match/path"),
        ({"then": "reset", "match": {"path": "/billing/usage?x=1"}}, "/match/path"),
        ({"then": "reset", "match": {"path": "/billing#x"}}, "/match/path"),
        ({"then": "reset", "match": {"path": "/_mock/health"}}, "/match/path"),
        ({"then": "reset", "match": {"path": "//_mock/health"}}, "/match/path"),
        ({"then": "reset", "match": {"key": "nobody"}}, "/match/key"),
        ({"then": "reset", "match": {"key": None}}, "/match/key"),
        ({"then": "reset", "match": {"host": "x"}}, "/match/host"),
        ({"then": "reset", "key": KEY}, "/key"),
    ],
)
def test_invalid_plan_is_refused_at_its_pointer(mock: Mock, plan: dict[str, Any], where: str) -> None:
    body = refused(mock.post("/_mock/faults", plan), 400, "invalid_request")
    assert pointers(body) == {where}
    assert listed(mock) == []
    assert mock.get("/_mock/accounts").json()["accounts"] == []


def test_unknown_account_is_not_found(mock: Mock) -> None:
    plan = {"then": "reset", "match": {"key": "acct_0123456789ab"}}
    refused(mock.post("/_mock/faults", plan), 404, "not_found")


def test_planned_answer_is_checked_against_the_contract(start: Start) -> None:
    mock = start(profile="openapi")
    planned(mock, then={"status": 200, "body": {"success": True, "data": {"url": "https://x"}}})
    assert mock.checkout({}).status_code == 200
    assert mock.journal()[0]["contract"]["response"] == []
