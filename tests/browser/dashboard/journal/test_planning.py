"""A fault that is planned from an exchange of the journal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import send_request

pytestmark = pytest.mark.browser


def test_fault_is_planned_for_the_path_of_an_exchange(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/checkouts")
    row = dashboard.locator("#exchange-list > li")
    row.locator(".exchange").click()
    plan = row.get_by_role("button", name="Make this path fail")
    plan.click()
    dialog = dashboard.get_by_role("dialog", name="Plan a fault")
    expect(dialog.get_by_label("Method")).to_have_value("GET")
    expect(dialog.get_by_label("Path")).to_have_value("/billing/checkouts")
    dashboard.keyboard.press("Escape")
    expect(plan).to_be_focused()
    plan.click()
    dialog.get_by_role("button", name="Plan it").click()
    expect(dashboard.locator("#faults")).to_contain_text("answers 503 to GET /billing/checkouts")

    assert send_request(mock, "/billing/usage").status_code == 200
    assert send_request(mock, "/billing/checkouts").status_code == 503


def test_redacted_part_of_a_path_matches_anything(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/sk-secret/x")
    row = dashboard.locator("#exchange-list > li")
    row.locator(".exchange").click()
    row.get_by_role("button", name="Make this path fail").click()

    expect(dashboard.get_by_role("dialog").get_by_label("Path")).to_have_value("/billing/*/x")


def test_form_is_empty_again_without_an_exchange(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/checkouts")
    dashboard.locator(".exchange").click()
    dashboard.get_by_role("button", name="Make this path fail").click()
    dashboard.keyboard.press("Escape")
    dashboard.get_by_role("button", name="Plan a fault").click()

    expect(dashboard.get_by_role("dialog").get_by_label("Method")).to_have_value("")
    expect(dashboard.get_by_role("dialog").get_by_label("Path")).to_have_value("/billing/*")


def test_struck_exchange_leads_to_its_fault(dashboard: Page, mock: AccountMock) -> None:
    for status in (500, 502):
        mock.control("POST", "/faults", body={"match": {"path": f"/billing/{status}"}, "then": {"status": status}})
    send_request(mock, "/billing/500")
    expect(dashboard.locator("#faults")).to_contain_text("spent")
    tag = dashboard.get_by_role("button", name="planned fault")
    tag.click()
    expect(dashboard.get_by_role("button", name="Forget: answers 500")).to_be_focused()
    dashboard.get_by_role("button", name="Forget all").click()
    expect(dashboard.locator("#faults li")).to_have_count(0)
    tag.click()
    expect(dashboard.locator("#faults-title")).to_be_focused()
