"""The history of the browser: an answer to a form is a page to which a buyer may return, and sends nothing again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.matrix import long_but

from .elements import BACK, PAY, pay_by_form

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"]),
]
DECLINED, ASKING = "4000000000000002", "4000002500003155"


@pytest.mark.parametrize("card", long_but(DECLINED, of=[DECLINED, ASKING]))
def test_reload_of_an_answer_sends_no_payment_again(page: Page, videodb_mock: AccountMock, card: str) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card=card)
    expect(page.get_by_role("alert").or_(page.get_by_role("button", name="Complete"))).to_be_visible()
    page.reload()

    expect(page.get_by_role("button", name=PAY)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(videodb_mock.sessions[0]["attempts"]) == 1


def test_back_button_returns_from_a_decline_to_the_form(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    for attempts in (1, 2):
        pay_by_form(page, card=DECLINED)
        expect(page.get_by_role("alert")).to_contain_text("declined")
        assert len(videodb_mock.sessions[0]["attempts"]) == attempts
    page.go_back()
    pay_by_form(page)

    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert [attempt["outcome"] for attempt in videodb_mock.sessions[0]["attempts"]][2:] == ["paid"]


def test_number_of_a_declined_card_is_stored_nowhere(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card="4111111111111111")
    expect(page.get_by_role("alert")).to_contain_text("test cards only")
    assert page.evaluate("[sessionStorage.length, localStorage.length, history.state]") == [0, 0, None]


def test_each_cancellation_moves_the_focus_to_its_notice(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    notice = page.get_by_test_id("notice")
    for _ in range(2):
        page.get_by_role("button", name=BACK).click()
        expect(notice).to_contain_text("nothing was paid")
        expect(notice).to_be_focused()
        page.get_by_label("E-mail").focus()
    page.reload()
    expect(notice).to_have_count(0)


def test_cancelled_check_of_the_bank_moves_the_focus_to_its_notice(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card=ASKING)
    page.get_by_test_id("bank-cancel").click()
    expect(page.get_by_test_id("notice")).to_be_focused()
