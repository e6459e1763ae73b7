"""Cancelling on the checkout page: the session stays open, and the buyer may return."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.matrix import long_but

from .elements import BACK, PAY, pay_by_form

pytestmark = pytest.mark.browser
SCRIPTS = pytest.mark.parametrize("page", [False, True], indirect=True, ids=["without JavaScript", "with JavaScript"])


def test_cancelling_leads_to_the_cancel_url_and_keeps_the_session_open(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    page.get_by_role("button", name=BACK).click()

    expect(page).to_have_url(f"{merchant.url}/basket?items=1")
    assert merchant.visits == ["/basket?items=1"]
    assert (videodb_mock.sessions[0]["status"], videodb_mock.balance) == ("pending", 0)


@SCRIPTS
@pytest.mark.parametrize("way", long_but("by the link", of=["by the link", "by the browser's back button"]))
def test_cancelled_buyer_can_return_and_pay(
    page: Page, merchant: Merchant, videodb_mock: AccountMock, way: str
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    page.get_by_role("button", name=BACK).click()
    expect(page).to_have_url(f"{merchant.url}/basket?items=1")

    if way == "by the link":
        page.goto(session["url"])
    else:
        page.go_back()
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    assert videodb_mock.balance == 50


def test_page_without_cancel_url_stays_and_can_still_be_paid(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    page.get_by_role("button", name=BACK).click()

    expect(page.get_by_role("status")).to_contain_text("nothing was paid")
    assert videodb_mock.sessions[0]["status"] == "pending"
    pay_by_form(page)

    expect(page.get_by_role("status")).to_contain_text("Paid.")
    assert videodb_mock.balance == 50


def test_incomplete_form_can_be_cancelled(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    page.get_by_label("E-mail").fill("half@")
    page.get_by_label("Card number").fill("4242 42")
    page.get_by_role("button", name=BACK).click()

    expect(page).to_have_url(f"{merchant.url}/basket?items=1")
    assert videodb_mock.sessions[0]["attempts"] == []


@SCRIPTS
def test_buyer_may_leave_the_check_of_the_bank_and_pay(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    pay_by_form(page, card="4000002500003155")
    page.get_by_test_id("bank-cancel").click()

    expect(page.get_by_test_id("notice")).to_contain_text("nothing was paid")
    expect(page.get_by_label("Card number")).to_have_value("4000 0025 0000 3155")
    page.get_by_role("button", name=PAY).click()
    page.get_by_test_id("bank-complete").click()
    expect(page.get_by_text("The shop")).to_be_visible()
    outcomes = [attempt["outcome"] for attempt in videodb_mock.sessions[0]["attempts"]]
    assert outcomes == ["authentication_required", "authentication_required", "paid"]


@SCRIPTS
def test_cancel_button_below_the_form_leads_back_too(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    page.get_by_role("button", name="Cancel payment").click()
    expect(page).to_have_url(f"{merchant.url}/basket?items=1")
    assert (videodb_mock.sessions[0]["status"], videodb_mock.balance) == ("pending", 0)
