"""The dashboard shows what happens as it happens, and whose time it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.pytest_plugin import AccountMock

from .elements import a_session, an_account

pytestmark = pytest.mark.browser


def test_what_clients_do_appears_without_reloading(dashboard: Page, mock: AccountMock) -> None:
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_visible()
    expect(dashboard.get_by_text("No requests yet.")).to_be_visible()
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()

    session = mock.create(amount=50)

    expect(a_session(dashboard, session)).to_contain_text("50 credits")
    expect(a_session(dashboard, session)).to_contain_text("pending")
    expect(dashboard.locator(".exchange")).to_contain_text(["POST/billing/checkout"])
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_hidden()
    mock.pay(session)
    expect(a_session(dashboard, session)).to_contain_text("completed")
    expect(an_account(dashboard, session["account"])).to_contain_text("50")


def test_clock_travel_makes_a_session_expire_before_one_s_eyes(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(dashboard, session)
    expect(row).to_contain_text("23 h 59 min left")

    dashboard.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("22 h 59 min left")
    expect(row).to_contain_text("pending")
    dashboard.get_by_role("button", name="+24 h").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("button", name="Pay")).to_be_hidden()
    expect(dashboard.get_by_text("+1 d 1 h ahead")).to_be_visible()


def test_a_clock_that_somebody_else_moves_is_seen_to_move(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(a_session(dashboard, session)).to_contain_text("23 h 59 min left")

    mock.clock.advance("23h")
    expect(a_session(dashboard, session)).to_contain_text("59 min")
    mock.clock.advance("1h")

    expect(a_session(dashboard, session)).to_contain_text("expired")


def test_the_time_left_runs_by_the_account_s_own_clock(dashboard: Page, mock: AccountMock) -> None:
    mock.clock.freeze()
    session = mock.create(amount=50)

    expect(a_session(dashboard, session)).to_contain_text("24 h 0 min left")
    mock.clock.advance("23h59m30s")

    expect(a_session(dashboard, session)).to_contain_text("30 s left")


def test_a_clock_is_set_frozen_and_reset_by_hand(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=50)
    dashboard.get_by_label("Date and time, UTC").fill("2031-05-06T07:08")
    dashboard.get_by_role("button", name="Set the clock", exact=True).click()
    expect(dashboard.get_by_text("Tue, 6 May 2031, UTC")).to_be_visible()

    dashboard.get_by_role("button", name="Freeze").click()
    expect(dashboard.get_by_text("frozen", exact=True)).to_be_visible()
    assert mock.clock.now.startswith("2031-05-06T07:08")
    dashboard.get_by_role("button", name="Let it run").click()
    expect(dashboard.get_by_text("frozen", exact=True)).to_be_hidden()

    dashboard.get_by_label("Date and time, UTC").fill("2030-01-01T00:00")
    dashboard.get_by_role("button", name="Set the clock", exact=True).click()
    expect(dashboard.locator("#clock-error")).to_contain_text("2030-01-01T00:00:00.000Z is before")

    dashboard.get_by_role("button", name="Reset the clock to real time").click()
    expect(dashboard.get_by_text("real time", exact=True)).to_be_visible()
