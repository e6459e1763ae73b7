"""New sessions from the dashboard, and the search for one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import account_button, session_row

pytestmark = pytest.mark.browser


def test_session_for_an_amount_is_created_and_its_page_opens(dashboard: Page, mock: AccountMock) -> None:
    account = mock.create(amount=5)["account"]
    account_button(dashboard, account).click()
    dashboard.get_by_role("button", name="New session").click()
    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_label("Account, by API key or id")).to_be_hidden()
    dialog.get_by_label("Amount in US dollars").fill("7")
    dialog.get_by_label("Success URL").fill("https://shop.example/thanks")
    dialog.get_by_label("Cancel URL").fill("https://shop.example/cart")
    with dashboard.expect_popup() as opened:
        dialog.get_by_role("button", name="Create").click()

    session = mock.sessions[0]
    expect(opened.value).to_have_url(session["url"])
    assert (session["amount"], session["account"]) == (7, account)
    assert (session["success_url"], session["cancel_url"]) == (
        "https://shop.example/thanks",
        "https://shop.example/cart",
    )
    expect(session_row(dashboard, session)).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(dashboard.locator("#announcement")).to_contain_text("Created: 7 credits")


def test_plan_of_a_new_key_is_created_without_its_page(dashboard: Page, mock: AccountMock) -> None:
    dashboard.get_by_role("button", name="New session").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Account, by API key or id").fill(mock.api_key)
    dialog.get_by_label("A plan").check()
    expect(dialog.get_by_label("Amount in US dollars")).to_be_hidden()
    dialog.get_by_label("Plan", exact=True).fill("plan-basic")
    dialog.get_by_label("Open its page").uncheck()
    dialog.get_by_role("button", name="Create").click()

    expect(dashboard.locator(".session")).to_contain_text("Plan plan-basic")
    assert (mock.sessions[0]["mode"], mock.sessions[0]["plan_id"]) == ("subscription", "plan-basic")
    assert len(dashboard.context.pages) == 1
    expect(dashboard.get_by_role("button", name="New session")).to_be_focused()


def test_refused_session_stays_in_the_dialog(dashboard: Page, mock: AccountMock) -> None:
    dashboard.get_by_role("button", name="New session").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Account, by API key or id").fill("a key")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("key is neither an API key")
    assert mock.control("GET", "/sessions") == {"sessions": []}


def test_sessions_are_found_by_a_part_of_their_id(dashboard: Page, mock: AccountMock) -> None:
    first, second = mock.create(amount=5), mock.create(amount=6)
    expect(session_row(dashboard, second)).to_be_visible()
    dashboard.get_by_label("Session id, or a part of it").fill(first["id"][-12:])
    expect(session_row(dashboard, second)).to_have_count(0)
    expect(session_row(dashboard, first)).to_be_visible()
    mock.create(amount=7)
    mock.pay(first)
    expect(session_row(dashboard, first)).to_contain_text("completed")
    expect(dashboard.locator(".session")).to_have_count(1)
    dashboard.get_by_label("Session id, or a part of it").fill("nothing")
    expect(dashboard.locator("#sessions-empty")).to_be_visible()
    dashboard.get_by_label("Session id, or a part of it").fill("")
    expect(dashboard.locator(".session")).to_have_count(3)


def test_details_have_attempts_and_the_e_mail_of_a_session(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    mock.decline(session)
    mock.pay(session, email="buyer@shop.example")
    row = session_row(dashboard, session)
    row.locator("summary").click()
    expect(row).to_contain_text("buyer@shop.example")
    expect(row).to_contain_text("Attempt 1")
    expect(row).to_contain_text("Attempt 2")
