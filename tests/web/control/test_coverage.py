"""`/_mock/coverage`: the parts of the contract that a mock's own traffic has exercised."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from mockserver.coverage.claims.claim_touches import claims_untouched
from mockserver.coverage.report.coverage_report import ClaimCoverage, ExampleStep
from mockserver.web.exchange import tally
from tests.web.conftest import Start
from tests.web.mock_client import ID, KEY, Mock, refused

TOUCHABLE = [claim for claim in claims_untouched() if claim.untouchable is None]


@pytest.fixture
def counting(start: Start) -> Mock:
    return start(coverage=True)


def ok(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def coverage(mock: Mock) -> dict[str, Any]:
    return ok(mock.get("/_mock/coverage"))


def counts(mock: Mock, operation: str, kind: str) -> dict[str, int]:
    """The counts of an operation's goals of one kind, those that are not 0."""
    [found] = [each for each in coverage(mock)["operations"] if f"{each['method']} {each['path']}" == operation]
    goals = [goal for goal in found["goals"] if goal["kind"] == kind and goal["count"]]
    return {f"{goal['label']} ({goal['case']})": goal["count"] for goal in goals}


def touched(mock: Mock) -> set[str]:
    return {claim["id"] for claim in coverage(mock)["claims"] if claim["count"]}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_mock_that_does_not_count_says_how_it_would(mock: Mock, method: str) -> None:
    answer = refused(mock.request(method, "/_mock/coverage"), 409, "coverage_off")
    assert answer["message"].endswith("start it with --coverage")


def test_first_report_has_no_exchange(counting: Mock) -> None:
    report = coverage(counting)
    assert (report["exchanges"], report["summary"]["covered"]) == (0, 0)
    assert report["contracts"] == ["VideoDB Server API, profile page"]


def test_requests_reach_goals_of_their_operation(counting: Mock) -> None:
    for amount in (50, 50, 0):
        counting.billing("POST", "checkout", json={"amount": amount})
    counting.billing("GET", "checkouts", params={"limit": "0"})
    assert counts(counting, "POST /billing/checkout", "status") == {
        "status 200 (answered)": 2,
        "status 400 (answered)": 1,
    }
    assert counts(counting, "POST /billing/checkout", "keyword")["amount: minimum 1 (invalid)"] == 1
    assert counts(counting, "GET /billing/checkouts", "parameter") == {
        "query parameter limit (invalid)": 1,
        "query parameter offset (left out)": 1,
    }


def test_batch_of_requests_is_counted_whole(counting: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "BATCH", 3)
    for _ in range(7):
        counting.billing("POST", "checkout", json={"amount": 50})
    counting.post("/billing/checkout", json={"amount": 50})
    assert counts(counting, "POST /billing/checkout", "operation") == {"a request (sent)": 8}
    assert counts(counting, "POST /billing/checkout", "status") == {
        "status 200 (answered)": 7,
        "status 401 (answered)": 1,
    }


def test_planned_fault_is_a_surprise(counting: Mock) -> None:
    ok(counting.post("/_mock/faults", {"match": {"path": "/billing/usage"}, "then": {"status": 503}}))
    counting.billing("GET", "usage")
    [usage] = [each for each in coverage(counting)["operations"] if each["path"] == "/billing/usage"]
    assert usage["surprises"] == {"status 503": 1}


def test_counts_outlive_the_journal_and_the_account(counting: Mock) -> None:
    counting.create()
    ok(counting.delete("/_mock/requests"))
    ok(counting.post("/_mock/reset", {}))
    assert coverage(counting)["exchanges"] == 1


def test_deleted_counts_are_gone(counting: Mock) -> None:
    counting.create()
    assert ok(counting.delete("/_mock/coverage"))["exchanges"] == 0
    assert coverage(counting)["summary"]["covered"] == 0


def test_browser_gets_a_page_whose_requests_go_to_this_mock(counting: Mock) -> None:
    counting.create()
    page = counting.get("/_mock/coverage", headers={"accept": "text/html", "host": "mock.localhost:9000"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert (page.headers["vary"], page.headers["cache-control"]) == ("Accept", "no-store")
    assert "http://mock.localhost:9000/billing/checkout" in page.text
    assert "127.0.0.1:8765" not in page.text
    assert counting.get("/_mock/coverage", headers={"accept": "*/*"}).json()["exchanges"] == 1


def test_report_shows_no_key(counting: Mock) -> None:
    counting.billing("GET", "checkouts", params={"limit": KEY})
    counting.get(f"/{KEY}")
    assert KEY not in counting.get("/_mock/coverage").text


def test_other_document_has_no_claims(start: Start) -> None:
    assert coverage(start(coverage=True, billing="off"))["claims"] == []


def test_buyer_on_the_page_touches_what_a_control_call_does(counting: Mock) -> None:
    order = {"amount": 50, "success_url": "https://shop.example/paid"}
    page = f"/c/pay/{ID.findall(counting.billing('POST', 'checkout', json=order).text)[0]}"
    csrf = re.findall(r'name="csrf" value="([^"]+)"', counting.get(page).text)[0]
    form = {"csrf": csrf, "card": "4242424242424242", "email": "a@b.example", "action": "pay"}
    assert counting.post(page, data=form).status_code == 303
    counting.billing("GET", "usage")
    assert {"success-url-after-payment", "redirects-in-snake-case", "credits-added-immediately"} <= touched(counting)


def test_refused_payment_of_an_expired_session_shows_its_expiry(counting: Mock) -> None:
    session = counting.create()
    ok(counting.get(f"/_mock/sessions/{session}"))
    ok(counting.post("/_mock/clock", {"advance": "24h", "key": KEY}))
    assert "session-expires-after-24-hours" not in touched(counting)
    refused(counting.post(f"/_mock/sessions/{session}/pay", {}), 410, "session_expired")
    assert "session-expires-after-24-hours" in touched(counting)


def test_events_of_one_account_are_none_of_another(counting: Mock) -> None:
    session = counting.create()
    ok(counting.post(f"/_mock/sessions/{session}/pay", {}))
    counting.billing("GET", "usage", key="sk-two")
    assert "credits-added-immediately" not in touched(counting)
    counting.billing("GET", "usage")
    assert "credits-added-immediately" in touched(counting)


def _send(mock: Mock, step: ExampleStep, session: str) -> str:
    """Send a step of an example, with a fresh account's key; the session that the answer shows, or the given one."""
    keys = {None: {"x-access-token": KEY}, "none": {}, "malformed": {"x-access-token": "key"}}
    headers = keys.get(step.key, {"authorization": f"Bearer {KEY}"})
    if step.body:
        headers = {**headers, "content-type": step.media_type or "application/json"}
    body = step.body.replace("{key}", KEY).encode()
    answer = mock.request(step.method, step.path.replace("{id}", session), headers=headers, content=body)
    return next(iter(ID.findall(answer.text)), session)


@pytest.mark.parametrize("claim", TOUCHABLE, ids=lambda claim: claim.id)
def test_example_of_a_claim_touches_it_with_its_last_request(start: Start, claim: ClaimCoverage) -> None:
    counting, session = start(coverage=True, profile="observed"), ""
    counting.create(key="sk-other")
    ok(counting.delete("/_mock/coverage"))
    for step in claim.example:
        assert claim.id not in touched(counting), "the last request alone touches it"
        session = _send(counting, step, session)
    assert claim.id in touched(counting)


def test_claims_are_touched_by_a_few_examples_each() -> None:
    assert all(claim.example for claim in TOUCHABLE)
    assert max(len(claim.example) for claim in TOUCHABLE) <= 4
