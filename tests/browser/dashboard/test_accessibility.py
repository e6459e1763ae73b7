"""axe-core finds no violation on the dashboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations

from .elements import account_button, send_request, session_row

pytestmark = pytest.mark.browser


def test_dashboard_has_no_axe_violations_in_any_state(dashboard: Page, mock: AccountMock) -> None:
    found: dict[str, list[str]] = {}
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_visible()
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    found["empty"] = axe_violations(dashboard, turn=len(found))

    _fill(mock)
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_be_visible()
    expect(dashboard.locator(".faults > li")).to_have_count(2)
    found["full"] = axe_violations(dashboard, turn=len(found))

    for row in dashboard.locator("#exchange-list > li").all()[:4]:
        row.locator(".exchange").click()
        row.locator("summary").first.click()
    dashboard.locator(".session summary").first.click()
    found["opened"] = axe_violations(dashboard, turn=len(found))

    account_button(dashboard, session["account"]).click()
    dashboard.get_by_role("button", name="Freeze").click()
    dashboard.get_by_role("button", name="Consume").click()
    expect(dashboard.locator("#credits-error")).not_to_be_empty()
    dashboard.get_by_label("Date and time, UTC").fill("2001-01-01T00:00")
    dashboard.get_by_role("button", name="Set the clock", exact=True).click()
    expect(dashboard.locator("#clock-error")).not_to_be_empty()
    expect(dashboard.locator("#announcement > .bad")).to_be_visible()
    dashboard.get_by_role("button", name="Pause").click()
    found["one account, refused"] = axe_violations(dashboard, turn=len(found))

    session_row(dashboard, session).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    found["paying"] = axe_violations(dashboard, turn=len(found))
    dialog.get_by_label("4000 0084 0000 1629").check()
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    found["declined"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")

    dashboard.get_by_role("button", name="Plan a fault").click()
    dialog.get_by_label("Path").fill("nowhere")
    dialog.get_by_role("button", name="Plan it").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    found["planning"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")

    dashboard.get_by_role("button", name="Reset everything").click()
    found["asking"] = axe_violations(dashboard, turn=len(found))
    dashboard.keyboard.press("Escape")
    dashboard.locator("#journal-path").fill("/none")
    dashboard.get_by_role("button", name="Filter").click()
    expect(dashboard.locator("#journal-empty")).to_be_visible()
    found["filtered"] = axe_violations(dashboard, turn=len(found))
    assert found == {state: [] for state in found}


def test_gate_has_no_axe_violations(window: Page) -> None:
    with running(store="memory", control_token="sesame") as mock:
        window.goto(f"{mock.url}/_mock/")
        first = axe_violations(window)
        window.get_by_label("Control token").fill("wrong")
        window.keyboard.press("Enter")
        expect(window.get_by_role("alert")).not_to_be_empty()
        assert (first, axe_violations(window)) == ([], [])


def test_axe_finds_violations(dashboard: Page) -> None:
    dashboard.evaluate("document.querySelector('#dashboard').append(document.createElement('button'))")
    dashboard.evaluate("document.querySelector('#dashboard h2').style.color = '#777'")
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    assert {violation.split()[2].rstrip(":") for violation in axe_violations(dashboard)} >= {
        "button-name",
        "color-contrast",
    }


def _fill(mock: AccountMock) -> None:
    """Something of every kind that the dashboard shows."""
    mock.pay(mock.create(amount=5))
    mock.create(mode="subscription", plan_id="plan-basic")
    mock.control("POST", f"/sessions/{mock.create(amount=7)['id']}/expire", body={})
    declined = mock.create(amount=8)
    mock.control("POST", "/faults", body={"match": {"path": "/billing/usage"}, "then": {"status": 503}})
    mock.control("POST", "/faults", body={"delay": "1s", "match": {"path": "/billing/invoices"}, "times": None})
    send_request(mock, "/billing/usage")
    send_request(mock, "/billing/checkout", json={"amount": "50"})
    send_request(mock, "/billing/checkout", json={"amount": 9, "sucess_url": "x", "mod": "y", "cancel_ulr": "z"})
    send_request(mock, f"/c/pay/{declined['id']}")
    send_request(mock, "/billing/nothing")
