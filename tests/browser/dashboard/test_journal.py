"""The journal on the dashboard: live exchanges, filter, pause and details."""

from __future__ import annotations

import subprocess

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock

from .elements import account_button, send_request

pytestmark = pytest.mark.browser


def test_exchange_opens_to_request_answer_and_verdict(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/checkout", json={"amount": "50"})
    row = dashboard.locator("#exchange-list > li")
    expect(row).to_contain_text("1 violation of the contract")
    row.get_by_role("button", name="400 POST /billing/checkout").click()

    expect(row.get_by_role("group", name="Request", exact=True)).to_contain_text('"amount": "50"')
    expect(row.get_by_role("group", name="Request", exact=True)).to_contain_text("/amount")
    expect(row.get_by_role("group", name="Answer 400", exact=True)).to_contain_text("a number is needed")
    expect(row.get_by_text("This exchange violates the contract.")).to_be_visible()


def test_row_tells_the_first_violation_and_whose_request_it_is(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/checkout", json={"amount": "50"})
    row = dashboard.locator("#exchange-list > li")
    expect(row.locator(".notes")).to_contain_text('/amount amount is "50"; a number is needed')
    account = mock.requests[0]["account"] or ""
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Billing tests"})
    expect(row.locator(".when")).to_contain_text("· Billing tests")
    account_button(dashboard, account).click()
    expect(row.locator(".when")).not_to_contain_text("Billing tests")


def test_fields_of_the_filter_are_in_line(dashboard: Page) -> None:
    tops = dashboard.locator("#journal-filter").evaluate(
        """form => [...form.querySelectorAll("select, input")].map((each) => each.getBoundingClientRect())
          .map(({ top, height }) => [Math.round(top), Math.round(height)])"""
    )
    lines: dict[int, set[int]] = {}
    for top, height in tops:
        lines.setdefault(top, set()).add(height)
    assert len(lines) <= 2
    assert all(len(heights) == 1 for heights in lines.values())


def test_copied_command_repeats_the_exchange(dashboard: Page, mock: AccountMock) -> None:
    body = {"amount": 7, "success_url": "https://shop.example/?it's={CHECKOUT_SESSION_ID}&x=$HOME`id`"}
    send_request(mock, "/billing/checkout", json=body)
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = dashboard.locator("#exchange-list > li").first
    row.get_by_role("button", name="POST /billing/checkout").click()
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    line = dashboard.evaluate("navigator.clipboard.readText()")
    assert mock.api_key not in line

    environment = {"VIDEO_DB_API_KEY": mock.api_key, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run(["sh", "-c", f"{line} --silent --fail"], env=environment, check=True, capture_output=True)

    again, first = mock.requests
    assert again["body"] == first["body"] == body
    assert [session["success_url"] for session in mock.sessions] == [body["success_url"]] * 2


def test_journal_filter_applies_to_live_exchanges(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/usage")
    send_request(mock, "/billing/checkout", json={"amount": 5})
    expect(dashboard.locator(".exchange")).to_have_count(2)
    dashboard.get_by_label("Path, *").first.fill("/billing/check*")
    dashboard.get_by_role("button", name="Filter").click()
    expect(dashboard.locator(".exchange")).to_have_count(1)

    send_request(mock, "/billing/usage")
    send_request(mock, "/billing/checkouts")
    expect(dashboard.locator(".exchange .path")).to_have_text(["/billing/checkouts", "/billing/checkout"])

    dashboard.get_by_label("Status").nth(1).fill("404")
    dashboard.get_by_role("button", name="Filter").click()
    expect(dashboard.locator("#journal-empty")).to_be_visible()


def test_paused_journal_counts_new_exchanges_until_it_resumes(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/usage")
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_role("button", name="Pause").click()
    send_request(mock, "/billing/usage")
    send_request(mock, "/billing/usage")

    expect(dashboard.get_by_role("button", name="Go on (2 new)")).to_be_visible()
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_role("button", name="Go on").click()
    expect(dashboard.locator(".exchange")).to_have_count(3)


def test_journal_is_cleared_after_confirmation(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/usage")
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_role("button", name="Clear").click()
    dashboard.get_by_role("dialog").get_by_role("button", name="Clear it").click()

    expect(dashboard.get_by_text("No requests yet.")).to_be_visible()
