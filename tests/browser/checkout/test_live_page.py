"""The checkout page with JavaScript follows the state of its session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.matrix import long_but

from .elements import BACK, PAY, pay_by_form, type_form

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"]),
]


def test_open_page_shows_that_its_session_was_paid_elsewhere(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    videodb_mock.pay(session)

    expect(page.get_by_role("status")).to_contain_text("Paid.")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Go on to")).to_be_visible()
    assert merchant.visits == []


def test_open_page_shows_that_its_session_has_expired(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    videodb_mock.clock.advance("24h")

    expect(page.get_by_role("heading", level=1)).to_have_text("This checkout has expired")
    expect(page.get_by_role("button")).to_have_count(0)
    page.get_by_role("link", name=BACK).click()
    expect(page).to_have_url(f"{merchant.url}/basket?items=1")


@pytest.mark.parametrize("card", long_but("4000002500003155", of=["4000000000000002", "4000002500003155"]))
def test_answer_to_a_form_shows_expiry_without_sending_the_form_again(
    page: Page, videodb_mock: AccountMock, card: str
) -> None:
    session = videodb_mock.create(amount=50)
    page.goto(session["url"])
    pay_by_form(page, card=card)
    expect(page.get_by_role("alert").or_(page.get_by_role("button", name="Complete"))).to_be_visible()
    videodb_mock.clock.advance("24h")

    expect(page.get_by_role("heading", level=1)).to_have_text("This checkout has expired")
    assert len(videodb_mock.sessions[0]["attempts"]) == 1


def test_paid_buyer_sees_a_check_mark_and_reaches_a_slow_shop(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, success_url=f"{merchant.url}/slow")["url"])
    type_form(page)
    page.get_by_role("button", name=PAY).click(no_wait_after=True)
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("You are led back to 127.0.0.1.")
    while not merchant.visits:
        page.wait_for_timeout(5)
    merchant.is_ready.set()

    expect(page).to_have_url(f"{merchant.url}/slow")
    page.go_back()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert merchant.visits == ["/slow"]


def test_time_left_follows_the_clock_of_the_account(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    left = page.locator("#left")
    expect(left).to_have_text("23 h 59 min")
    videodb_mock.clock.advance("23h30m")

    expect(left).to_contain_text("29 min ")
    first = left.inner_text()
    expect(left).not_to_have_text(first)
    videodb_mock.clock.freeze()
    videodb_mock.clock.advance("10m")
    expect(left).to_contain_text("19 min ")


def test_idle_page_sends_no_control_requests(page: Page, videodb_mock: AccountMock) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    session = videodb_mock.create(amount=50)
    page.goto(session["url"])
    with page.expect_response(f"{session['url']}/state"):
        pass
    with page.expect_response(f"{session['url']}/state"):
        pass

    assert not [url for url in asked if "/_mock" in url]
    assert [request["path"] for request in videodb_mock.requests].count(f"/c/pay/{session['id']}") == 1
    assert not [request for request in videodb_mock.requests if request["path"].endswith("/state")]


def test_policy_allows_only_the_scripts_of_the_page(page: Page, videodb_mock: AccountMock) -> None:
    answer = page.goto(videodb_mock.create(amount=50)["url"])
    assert answer is not None
    scripts = page.evaluate("[...document.scripts].map((it) => it.src)")
    assert f"script-src {' '.join(scripts)};" in answer.headers["content-security-policy"]


def test_buyer_from_another_site_can_pay(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(merchant.other_url)
    page.evaluate("url => location.assign(url)", session["url"])
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
