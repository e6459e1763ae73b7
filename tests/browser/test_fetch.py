"""Fetch calls of web pages: of this machine, and of other origins."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from mockserver.client.account_mock import AccountMock

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


def send_fetch(window: Page, mock: AccountMock, method: str, path: str, **parts: Any) -> dict[str, Any]:
    """Fetch from the page; the result as the page sees it."""
    headers = {"x-access-token": mock.api_key, **parts.get("headers", {})}
    result: dict[str, Any] = window.evaluate(FETCH, [f"{mock.url}{path}", method, headers, parts.get("body")])
    return result


def test_local_page_can_buy_and_read_refusals(window: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    window.goto(merchant.url)
    json = {"content-type": "application/json", "x-of-mine": "1"}
    bought = send_fetch(window, videodb_mock, "POST", "/billing/checkout", headers=json, body='{"amount": 50}')
    assert bought["status"] == 200
    assert videodb_mock.sessions[0]["url"] in bought["text"]
    for status, method, path, body in (
        (400, "POST", "/billing/checkout", '{"amount": "50"}'),
        (404, "GET", "/billing/nowhere", None),
        (405, "DELETE", "/billing/checkout", None),
    ):
        refused = send_fetch(window, videodb_mock, method, path, headers=json, body=body)
        assert refused["status"] == status
        assert '"success":false' in refused["text"]
    unkeyed = send_fetch(window, videodb_mock, "GET", "/billing/usage", headers={"x-access-token": "nothing"})
    assert unkeyed["status"] == 401


def test_local_page_reads_planned_faults_with_their_headers(
    window: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    window.goto(merchant.url)
    videodb_mock.fail_next(status=503, headers={"Retry-After": "7"}, body={"success": False, "message": "Down"})
    down = send_fetch(window, videodb_mock, "GET", "/billing/usage")
    assert (down["status"], down["retryAfter"]) == (503, "7")
    assert "Down" in down["text"]
    videodb_mock.fail_next("reset", times=None)
    assert send_fetch(window, videodb_mock, "GET", "/billing/usage") == {"error": "TypeError"}


def test_foreign_page_can_neither_read_nor_act(window: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    window.goto(merchant.other_url)
    json = {"content-type": "application/json"}
    failed = {"error": "TypeError"}
    assert send_fetch(window, videodb_mock, "POST", "/billing/checkout", headers=json, body='{"amount": 50}') == failed
    assert send_fetch(window, videodb_mock, "GET", "/billing/usage") == failed
    assert window.evaluate(FETCH, [f"{videodb_mock.url}/billing/usage", "GET", {}, None]) == failed
    assert window.evaluate(FETCH, [f"{videodb_mock.url}/_mock/sessions", "GET", {}, None]) == failed
    assert videodb_mock.sessions == []
    headers = {"x-access-token": videodb_mock.api_key}
    assert httpx.get(f"{videodb_mock.url}/billing/usage", headers=headers, timeout=30).status_code == 200
