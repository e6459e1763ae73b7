"""Cancelling on the checkout page: the session stays open, and the buyer may return."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant

from .elements import BACK, pay_by_form

pytestmark = pytest.mark.browser


def test_cancelling_leads_to_the_cancel_url_and_keeps_the_session_open(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    page.get_by_role("button", name=BACK).click()

    expect(page).to_have_url(f"{merchant.url}/basket?items=1")
    assert merchant.visits == ["/basket?items=1"]
    assert (videodb_mock.sessions[0]["status"], videodb_mock.balance) == ("pending", 0)


@pytest.mark.parametrize("way", ["by the link", "by the browser's back button"])
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
