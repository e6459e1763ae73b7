"""Live updates of sessions, exchanges and clocks on the dashboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock

from .elements import account_button, send_request, session_row

pytestmark = pytest.mark.browser


def test_client_requests_appear_without_reloading(dashboard: Page, mock: AccountMock) -> None:
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_visible()
    expect(dashboard.get_by_text("No requests yet.")).to_be_visible()
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()

    session = mock.create(amount=50)

    expect(session_row(dashboard, session)).to_contain_text("50 credits")
    expect(session_row(dashboard, session)).to_contain_text("pending")
    expect(dashboard.locator(".exchange")).to_contain_text(["POST/billing/checkout"])
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_hidden()
    mock.pay(session)
    expect(session_row(dashboard, session)).to_contain_text("completed")
    expect(account_button(dashboard, session["account"])).to_contain_text("50")


def test_session_expires_live_when_the_clock_is_advanced(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = session_row(dashboard, session)
    expect(row).to_contain_text("23 h 59 min left")

    dashboard.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("22 h 59 min left")
    expect(row).to_contain_text("pending")
    dashboard.get_by_role("button", name="+24 h").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("button", name="Pay")).to_be_hidden()
    expect(dashboard.get_by_text("+1 d 1 h ahead")).to_be_visible()


def test_clock_moved_elsewhere_is_shown(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_contain_text("23 h 59 min left")

    mock.clock.advance("23h")
    expect(session_row(dashboard, session)).to_contain_text("59 min")
    mock.clock.advance("1h")

    expect(session_row(dashboard, session)).to_contain_text("expired")


def test_time_left_follows_the_clock_of_the_account(dashboard: Page, mock: AccountMock) -> None:
    mock.clock.freeze()
    session = mock.create(amount=50)

    expect(session_row(dashboard, session)).to_contain_text("24 h 0 min left")
    mock.clock.advance("23h59m30s")

    expect(session_row(dashboard, session)).to_contain_text("30 s left")


def test_clock_can_be_set_frozen_and_reset(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=50)
    dashboard.get_by_label("Date and time, UTC").fill("2031-05-06T07:08")
    dashboard.get_by_role("button", name="Set the clock", exact=True).click()
    expect(dashboard.get_by_text("Tue, 6 May 2031, UTC")).to_be_visible()

    dashboard.get_by_role("button", name="Freeze").click()
    expect(dashboard.get_by_text("frozen", exact=True)).to_be_visible()
    assert mock.clock.now.isoformat().startswith("2031-05-06T07:08")
    dashboard.get_by_role("button", name="Resume").click()
    expect(dashboard.get_by_text("frozen", exact=True)).to_be_hidden()

    dashboard.get_by_label("Date and time, UTC").fill("2030-01-01T00:00")
    dashboard.get_by_role("button", name="Set the clock", exact=True).click()
    expect(dashboard.locator("#clock-error")).to_contain_text("2030-01-01T00:00:00.000Z is before")

    dashboard.get_by_role("button", name="Reset the clock to real time").click()
    expect(dashboard.get_by_text("real time", exact=True)).to_be_visible()


def test_clock_that_stood_still_is_behind(dashboard: Page, mock: AccountMock) -> None:
    mock.control("POST", "/clock", body={"frozen": True})
    expect(dashboard.get_by_text("frozen", exact=True)).to_be_visible()
    dashboard.wait_for_timeout(1000)
    dashboard.get_by_role("button", name="Resume").click()
    expect(dashboard.locator("#clock-tags")).to_have_text(re.compile(r"^[0-9]+ s behind$"))


def test_session_that_was_closed_early_says_so(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    session_row(dashboard, session).get_by_role("button", name="Expire").click()
    expect(session_row(dashboard, session)).to_contain_text("before its time")
    dashboard.reload()
    expect(session_row(dashboard, session)).to_contain_text("before its time")
    mock.clock.advance("25h")
    dashboard.reload()
    expect(session_row(dashboard, session)).to_contain_text(re.compile("by [0-9]+ "))


def test_open_row_stays_while_newer_ones_fill_the_page(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    exchange = dashboard.locator("#exchange-list > [data-id]").first
    expect(exchange).to_be_visible()
    number = exchange.get_attribute("data-id")
    mine, opened = session_row(dashboard, session), dashboard.locator(f"#exchange-list > [data-id='{number}']")
    mine.get_by_text("More").click()
    opened.locator(".exchange").click()
    for _ in range(55):
        mock.create(amount=5)

    expect(dashboard.locator("#exchange-list > li")).to_have_count(51)
    expect(dashboard.locator("#session-list > li")).to_have_count(51)
    expect(opened.locator(".detail")).to_be_visible()
    expect(mine.locator("dl")).to_be_visible()
    expect(dashboard.get_by_label("Pages of sessions")).to_contain_text("1\N{EN DASH}50")

    dashboard.get_by_label("Pages of the journal").get_by_role("button", name="Older").click()
    expect(dashboard.locator("#exchange-list > li")).to_have_count(6)


def test_closed_row_leaves_with_the_next_exchange(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=50)
    oldest = dashboard.locator("#exchange-list > [data-id]").first
    expect(oldest).to_be_visible()
    opened = dashboard.locator(f"#exchange-list > [data-id='{oldest.get_attribute('data-id')}']")
    opened.locator(".exchange").click()
    for _ in range(51):
        send_request(mock, "/billing/usage")
    expect(dashboard.locator("#exchange-list > li")).to_have_count(51)
    opened.locator(".exchange").click()
    send_request(mock, "/billing/usage")
    expect(dashboard.locator("#exchange-list > li")).to_have_count(50)
    expect(opened).to_have_count(0)
