"""Sessions on the dashboard: paid, declined, cancelled and expired by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock

from .elements import session_row

pytestmark = pytest.mark.browser


def test_session_is_paid_with_a_selected_card(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = session_row(dashboard, session)
    row.get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("4000 0000 0000 9995").check()
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog.get_by_role("alert")).to_contain_text("insufficient funds")
    expect(row).to_contain_text("Last attempt: insufficient funds, card •••• 9995")

    dialog.get_by_label("4242 4242 4242 4242").check()
    dialog.get_by_role("button", name="Pay").click()

    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("completed")
    assert mock.balance == 50


@pytest.mark.parametrize("passed", [True, False])
def test_3d_secure_is_passed_or_not(dashboard: Page, mock: AccountMock, passed: bool) -> None:
    session = mock.create(amount=50)
    session_row(dashboard, session).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_label("3-D Secure is passed")).to_be_hidden()
    dialog.get_by_label("4000 0025 0000 3155").check()
    dialog.get_by_label("3-D Secure is passed").set_checked(passed)
    dialog.get_by_role("button", name="Pay").click()

    if passed:
        expect(session_row(dashboard, session)).to_contain_text("completed")
    else:
        expect(dialog.get_by_role("alert")).to_contain_text("3-D Secure")
        assert mock.balance == 0


def test_any_card_number_can_be_tried(dashboard: Page, mock: AccountMock) -> None:
    session_row(dashboard, mock.create(amount=50)).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Another number").check()
    dialog.get_by_label("Card number").fill("4012 8888 8888 1881")
    dialog.get_by_role("button", name="Pay").click()

    expect(dialog.get_by_role("alert")).to_contain_text("test cards only")


def test_cards_of_the_dialog_differ_in_their_words(dashboard: Page, mock: AccountMock) -> None:
    session_row(dashboard, mock.create(amount=50)).get_by_role("button", name="Pay").click()
    words = dashboard.get_by_role("dialog").locator(".choice .soft").all_inner_texts()
    assert "3-D Secure, then pays (required)" in words
    assert len(words) == len(set(words)) > 10


def test_open_dialog_cannot_pay_a_session_that_was_paid_elsewhere(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    session_row(dashboard, session).get_by_role("button", name="Pay").click()
    mock.pay(session)

    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("completed by now")
    expect(dialog.get_by_role("button", name="Pay")).to_be_disabled()


def test_session_is_declined_cancelled_and_expired_from_the_list(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = session_row(dashboard, session)
    row.get_by_role("button", name="Decline").click()
    expect(row).to_contain_text("Last attempt: generic decline")
    row.get_by_role("button", name="Cancel").click()
    expect(dashboard.get_by_role("status").filter(has_text="Turned back")).to_be_visible()
    expect(row).to_contain_text("pending")
    row.get_by_role("button", name="Expire").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("link", name="Open")).to_be_focused()


def test_session_page_opens_in_its_own_tab(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    with dashboard.expect_popup() as opened:
        session_row(dashboard, session).get_by_role("link", name="Open").click()

    expect(opened.value).to_have_url(session["url"])
    expect(opened.value.get_by_text("50 credits \u00d7 $1.00")).to_be_visible()


def test_session_is_found_by_what_pages_and_lists_show_of_it(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    mock.create(amount=60)
    field = dashboard.get_by_label("Session id, or a part of it")
    name = session["id"]
    for text in (session["url"], f"{session['url']}?paid", f" {name} ", f"{name[:14]}…{name[-6:]}", name[20:40]):
        field.fill(text)
        expect(dashboard.locator(".session")).to_have_count(1)
        expect(session_row(dashboard, session)).to_be_visible()
        field.fill("")
        expect(dashboard.locator(".session")).to_have_count(2)


def test_filter_of_sessions_is_in_the_address(dashboard: Page, mock: AccountMock) -> None:
    open_session, paid = mock.create(amount=50), mock.create(amount=60)
    mock.pay(paid)
    dashboard.get_by_label("Status").first.select_option("completed")
    dashboard.get_by_label("Session id, or a part of it").fill(paid["url"])
    expect(dashboard).to_have_url(f"{mock.url}/_mock/?session_status=completed&session={paid['id']}")
    dashboard.reload()
    expect(session_row(dashboard, paid)).to_be_visible()
    expect(session_row(dashboard, open_session)).to_have_count(0)
