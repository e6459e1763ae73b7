"""axe-core finds no violation in the panels and dialogs of accounts, ledger and snapshots."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations
from tests.browser.dashboard.elements import account_button

pytestmark = pytest.mark.browser


def test_panels_and_dialogs_have_no_axe_violations(dashboard: Page, mock: AccountMock) -> None:
    found: dict[str, list[str]] = {}
    session = mock.create(amount=50)
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Buyer"})
    mock.control("POST", "/checkpoints", body={"name": "before", "key": mock.api_key})
    mock.pay(session)
    mock.clock.advance("24h")
    mock.consume(3.5, category="indexing")
    dashboard.reload()
    account_button(dashboard, session["account"]).click()
    expect(dashboard.get_by_role("heading", name="Clock of Buyer")).to_be_visible()
    expect(dashboard.locator("#clock-common")).to_be_visible()
    found["named account"] = axe_violations(dashboard, turn=len(found))

    dashboard.get_by_role("button", name="Ledger and balance").click()
    expect(dashboard.locator(".chart")).to_be_visible()
    found["ledger"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")
    expect(dashboard.get_by_role("button", name="Ledger and balance")).to_be_focused()

    dashboard.get_by_role("button", name="New session").click()
    dialog = dashboard.get_by_role("dialog")
    found["new session"] = axe_violations(dashboard, turn=len(found))
    dialog.get_by_label("Amount in US dollars").fill("1000000000001")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    found["new session, refused"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")

    dashboard.get_by_role("button", name="Compare before").click()
    expect(dashboard.locator("#compare-list > li").first).to_be_visible()
    found["comparison"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")

    dashboard.get_by_role("button", name="Load before").click()
    found["loading"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")
    mock.control("DELETE", "/checkpoints", query={"name": "before"})
    assert found == {state: [] for state in found}


def test_panels_fit_into_a_narrow_window(dashboard: Page, mock: AccountMock) -> None:
    mock.pay(mock.create(amount=50))
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "W" * 80})
    dashboard.set_viewport_size({"width": 320, "height": 700})
    account_button(dashboard, mock.sessions[0]["account"]).click()
    expect(dashboard.get_by_role("heading", name=f"Clock of {'W' * 80}")).to_be_visible()
    dashboard.get_by_role("button", name="Ledger and balance").click()
    expect(dashboard.locator(".chart")).to_be_visible()
    assert dashboard.evaluate("document.documentElement.scrollWidth") == 320
    assert dashboard.evaluate("document.querySelector('#ledger').scrollWidth") <= 320
    dashboard.set_viewport_size({"width": 700, "height": 700})
    expect(dashboard.locator(".chart")).not_to_have_attribute("width", "254")
    width = dashboard.evaluate("document.querySelector('#ledger-picture').clientWidth")
    expect(dashboard.locator(".chart")).to_have_attribute("width", str(width))
