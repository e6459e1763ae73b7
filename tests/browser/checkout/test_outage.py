"""The checkout page while the mock does not answer: it says so, and what was typed is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from mockserver.client.account_mock import AccountMock
from tests.matrix import long_but

from .elements import BACK, PAY, pay_by_form, type_form

pytestmark = pytest.mark.browser
NOTE = "The mock does not answer."


@pytest.fixture
def page(window: Page) -> Page:
    """A page whose console may have the failures of this file."""
    return window


def fail(page: Page, *, status: int) -> None:
    """Answer the page's questions by a lost store, or (0) by nothing."""

    def answer(route: Route) -> None:
        if status:
            route.fulfill(status=status, json={"success": False})
        else:
            route.abort()

    page.route("**/state", answer)


@pytest.mark.parametrize("status", long_but(0, of=[0, 503]))
def test_form_is_kept_while_the_mock_does_not_answer(page: Page, videodb_mock: AccountMock, status: int) -> None:
    session = videodb_mock.create(amount=50)
    page.goto(session["url"])
    type_form(page)
    note = page.get_by_role("alert")
    expect(note).to_be_hidden()

    fail(page, status=status)
    expect(note).to_contain_text(NOTE)
    for button in (PAY, BACK):
        page.get_by_role("button", name=button).click()
        expect(note).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_value("Ada Byron")
    expect(page.get_by_role("button", name=PAY)).to_be_enabled()
    assert videodb_mock.sessions[0]["attempts"] == []

    page.unroute("**/state")
    expect(note).to_be_hidden()
    page.get_by_role("button", name=PAY).click()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()


def test_bank_s_check_waits_for_the_mock_too(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card="4000002500003155")
    expect(page.get_by_role("button", name="Complete")).to_be_focused()
    fail(page, status=0)
    expect(page.get_by_role("alert")).to_contain_text(NOTE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("heading", name="Confirm your payment")).to_be_visible()


def test_one_lost_question_is_no_outage(page: Page, videodb_mock: AccountMock) -> None:
    page.route("**/state", lambda route: route.abort(), times=1)
    session = videodb_mock.create(amount=50)
    with page.expect_event("requestfailed"):
        page.goto(session["url"])
    expect(page.get_by_role("alert")).to_be_hidden()
    with page.expect_response(f"{session['url']}/state"):
        pass
    expect(page.get_by_role("alert")).to_be_hidden()
