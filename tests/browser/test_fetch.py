"""Programs in web pages that call the API: by fetch, from this machine and from elsewhere."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from mockserver.pytest_plugin import AccountMock

from .merchant import Merchant

pytestmark = pytest.mark.browser

FETCH = """
async ([url, method, headers, body]) => {
    try {
        const answer = await fetch(url, {method, headers, body});
        return {status: answer.status, text: await answer.text(), retryAfter: answer.headers.get("retry-after")};
    } catch (error) {
        return {error: error.name};
    }
}
"""


def fetched(window: Page, mock: AccountMock, method: str, path: str, **parts: Any) -> dict[str, Any]:
    """What a program in the page gets."""
    headers = {"x-access-token": mock.api_key, **parts.get("headers", {})}
    told: dict[str, Any] = window.evaluate(FETCH, [f"{mock.url}{path}", method, headers, parts.get("body")])
    return told


def test_a_page_of_this_machine_buys_and_reads_every_refusal(
    window: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    window.goto(merchant.url)
    json = {"content-type": "application/json", "x-of-mine": "1"}
    bought = fetched(window, videodb_mock, "POST", "/billing/checkout", headers=json, body='{"amount": 50}')
    assert bought["status"] == 200
    assert videodb_mock.sessions[0]["url"] in bought["text"]
    for status, method, path, body in (
        (400, "POST", "/billing/checkout", '{"amount": "50"}'),
        (404, "GET", "/billing/nowhere", None),
        (405, "DELETE", "/billing/checkout", None),
    ):
        refused = fetched(window, videodb_mock, method, path, headers=json, body=body)
        assert refused["status"] == status
        assert '"success":false' in refused["text"]
    unkeyed = fetched(window, videodb_mock, "GET", "/billing/usage", headers={"x-access-token": "nothing"})
    assert unkeyed["status"] == 401


def test_a_page_of_this_machine_reads_planned_faults_with_their_headers(
    window: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    window.goto(merchant.url)
    videodb_mock.fail_next(status=503, headers={"Retry-After": "7"}, body={"success": False, "message": "Down"})
    down = fetched(window, videodb_mock, "GET", "/billing/usage")
    assert (down["status"], down["retryAfter"]) == (503, "7")
    assert "Down" in down["text"]
    videodb_mock.fail_next("reset", times=None)
    assert fetched(window, videodb_mock, "GET", "/billing/usage") == {"error": "TypeError"}


def test_a_page_from_elsewhere_reads_and_does_nothing(
    window: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    window.goto(merchant.other_url)
    json = {"content-type": "application/json"}
    failed = {"error": "TypeError"}
    assert fetched(window, videodb_mock, "POST", "/billing/checkout", headers=json, body='{"amount": 50}') == failed
    assert fetched(window, videodb_mock, "GET", "/billing/usage") == failed
    assert window.evaluate(FETCH, [f"{videodb_mock.url}/billing/usage", "GET", {}, None]) == failed
    assert window.evaluate(FETCH, [f"{videodb_mock.url}/_mock/sessions", "GET", {}, None]) == failed
    assert videodb_mock.sessions == []
    headers = {"x-access-token": videodb_mock.api_key}
    assert httpx.get(f"{videodb_mock.url}/billing/usage", headers=headers).status_code == 200
