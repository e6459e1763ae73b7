"""The dashboard with keyboard and screen reader: live updates keep the user's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock

from .elements import send_request, session_row

pytestmark = pytest.mark.browser


def test_session_is_paid_by_keyboard(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    pay = session_row(dashboard, session).get_by_role("button", name="Pay")
    expect(pay).to_be_visible()
    dashboard.keyboard.press("Tab")
    expect(dashboard.get_by_role("link", name="Skip to the sessions")).to_be_focused()
    dashboard.keyboard.press("Enter")
    for _ in range(20):
        dashboard.keyboard.press("Tab")
        if pay.evaluate("it => it === document.activeElement"):
            break
    dashboard.keyboard.press("Enter")
    dialog = dashboard.get_by_role("dialog", name="Pay")
    expect(dialog.get_by_label("4242 4242 4242 4242")).to_be_focused()
    dashboard.keyboard.press("Escape")
    expect(pay).to_be_focused()
    dashboard.keyboard.press("Enter")
    dashboard.keyboard.press("ArrowDown")
    dashboard.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("declined")
    dashboard.keyboard.press("ArrowUp")
    dashboard.keyboard.press("Enter")

    expect(session_row(dashboard, session)).to_contain_text("completed")
    expect(session_row(dashboard, session).get_by_role("link", name="Open")).to_be_focused()


def test_live_updates_keep_the_focus(dashboard: Page, mock: AccountMock) -> None:
    first = mock.create(amount=50)
    more = session_row(dashboard, first).locator("summary")
    more.focus()
    exchange = dashboard.locator("#exchange-list > li").first.locator(".exchange")
    expect(exchange).to_be_visible()
    for amount in range(1, 4):
        mock.create(amount=amount)
    expect(dashboard.locator(".session")).to_have_count(4)
    expect(more).to_be_focused()

    opened = dashboard.locator("#exchange-list > li").last.locator(".exchange")
    opened.focus()
    dashboard.keyboard.press("Enter")
    for _ in range(3):
        send_request(mock, "/billing/usage")
    expect(dashboard.locator(".exchange")).to_have_count(7)
    expect(opened).to_be_focused()
    expect(opened).to_have_attribute("aria-expanded", "true")
    mock.clock.advance("24h")
    expect(session_row(dashboard, first)).to_contain_text("expired")
    expect(opened).to_be_focused()


def test_hidden_button_hands_its_focus_on(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    session_row(dashboard, session).get_by_role("button", name="Expire").focus()
    mock.pay(session)

    expect(session_row(dashboard, session).get_by_role("link", name="Open")).to_be_focused()


def test_removed_row_hands_its_focus_on(dashboard: Page, mock: AccountMock) -> None:
    first, second = mock.create(amount=50), mock.create(amount=60)
    dashboard.get_by_label("Status").first.select_option("pending")
    session_row(dashboard, second).get_by_role("button", name="Pay").focus()
    mock.pay(second)

    expect(session_row(dashboard, second)).to_have_count(0)
    expect(session_row(dashboard, first).locator(":focus")).to_have_count(1)


def test_screen_reader_hears_results_of_actions_only(dashboard: Page, mock: AccountMock) -> None:
    said = dashboard.locator("#announcement")
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_be_visible()
    mock.pay(session)
    expect(session_row(dashboard, session)).to_contain_text("completed")
    expect(said).to_be_empty()
    live = dashboard.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]')].map((it) => it.id)"
    )
    of_dialogs = ["pay-error", "fault-error", "new-session-error", "ledger-error", "compare-count", "compare-error"]
    assert live == ["token-error", "announcement", *of_dialogs]

    dashboard.get_by_role("button", name="+1 h").click()
    expect(said).to_have_text("The clock is an hour later.")


def test_reduced_motion_stops_animations(dashboard: Page, mock: AccountMock) -> None:
    dashboard.emulate_media(reduced_motion="reduce")
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_be_visible()
    mock.pay(session)
    expect(session_row(dashboard, session)).to_contain_text("completed")

    assert dashboard.evaluate("document.getAnimations().length") == 0
