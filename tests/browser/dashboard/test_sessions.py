"""Sessions on the dashboard: a person does by hand what a test does by the control API."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.pytest_plugin import AccountMock

from .elements import a_session

pytestmark = pytest.mark.browser


def test_a_session_is_paid_with_a_card_of_one_s_choice(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(dashboard, session)
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
    a_session(dashboard, session).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_label("3-D Secure is passed")).to_be_hidden()
    dialog.get_by_label("4000 0025 0000 3155").check()
    dialog.get_by_label("3-D Secure is passed").set_checked(passed)
    dialog.get_by_role("button", name="Pay").click()

    if passed:
        expect(a_session(dashboard, session)).to_contain_text("completed")
    else:
        expect(dialog.get_by_role("alert")).to_contain_text("3-D Secure")
        assert mock.balance == 0


def test_any_number_can_be_tried_as_a_card(dashboard: Page, mock: AccountMock) -> None:
    a_session(dashboard, mock.create(amount=50)).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Another number").check()
    dialog.get_by_label("Card number").fill("4012 8888 8888 1881")
    dialog.get_by_role("button", name="Pay").click()

    expect(dialog.get_by_role("alert")).to_contain_text("test cards only")


def test_a_session_that_is_paid_elsewhere_cannot_be_paid_in_the_open_dialog(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    a_session(dashboard, session).get_by_role("button", name="Pay").click()
    mock.pay(session)

    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("completed by now")
    expect(dialog.get_by_role("button", name="Pay")).to_be_disabled()


def test_a_session_is_declined_turned_back_from_and_expired_from_the_list(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(dashboard, session)
    row.get_by_role("button", name="Decline").click()
    expect(row).to_contain_text("Last attempt: generic decline")
    row.get_by_role("button", name="Cancel").click()
    expect(dashboard.get_by_role("status").filter(has_text="Turned back")).to_be_visible()
    expect(row).to_contain_text("pending")
    row.get_by_role("button", name="Expire").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("link", name="Open")).to_be_focused()


def test_a_session_s_page_opens_in_a_tab_of_its_own(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    with dashboard.expect_popup() as opened:
        a_session(dashboard, session).get_by_role("link", name="Open").click()

    expect(opened.value).to_have_url(session["url"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("50 credits")
