"""The page of a session that cannot be paid, and all pages in a narrow window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.matrix import long_but

from .elements import pay_by_form

pytestmark = pytest.mark.browser

STATES = ("pending", "declined", "confirming", "completed", "expired", "unknown")


def test_expired_session_shows_its_state_and_no_button(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    videodb_mock.clock.advance("24h")

    answer = page.goto(session["url"])

    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("This checkout has expired")
    expect(page.get_by_role("button")).to_have_count(0)


def test_session_that_expires_while_its_page_is_open_cannot_be_paid(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    videodb_mock.clock.advance("24h")

    with page.expect_response(session["url"]) as answer:
        pay_by_form(page)

    assert answer.value.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("This checkout has expired")
    expect(page.get_by_role("button")).to_have_count(0)
    assert (videodb_mock.balance, merchant.visits) == (0, [])


def test_completed_session_shows_its_receipt(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    videodb_mock.pay(session)

    answer = page.goto(session["url"])

    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("status")).to_contain_text("Paid.")
    expect(page.get_by_text(session["id"])).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_unknown_session_has_an_explaining_page(page: Page, videodb_mock: AccountMock) -> None:
    answer = page.goto(f"{videodb_mock.url}/c/pay/cs_test_{'0' * 58}")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to pay here")
    expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("state", long_but("declined", "completed", of=STATES))
def test_page_fits_a_small_phone(page: Page, videodb_mock: AccountMock, state: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    _show(page, videodb_mock, state)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # a number that is broken in two cannot be read, or copied with a double click
    assert {
        round(number.evaluate("it => it.getClientRects().length")) for number in page.locator(".card code").all()
    } <= {1}


@pytest.mark.parametrize("width", long_but(320, of=[320, 1440]))
def test_long_name_of_a_shop_stands_beside_its_initial(page: Page, videodb_mock: AccountMock, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    shop = "https://a-rather-long-name-of-a-shop-that-somebody-has.example.co.uk/"
    session = videodb_mock.create(amount=999_999, success_url=shop, cancel_url=shop)
    for status in ("pending", "completed"):
        if status == "completed":
            videodb_mock.pay(session)
        page.goto(session["url"])
        boxes = [page.locator(part).first.bounding_box() for part in (".initial", ".merchant-name", ".badge")]
        initial, name, badge = [box for box in boxes if box]
        assert initial["x"] + initial["width"] < name["x"]
        assert name["x"] + name["width"] < badge["x"]
        assert name["y"] < initial["y"] + initial["height"] < name["y"] + name["height"] + 30


def _show(page: Page, mock: AccountMock, state: str) -> None:
    session = mock.create(amount=50)
    if state == "completed":
        mock.pay(session)
    if state == "expired":
        mock.clock.advance("24h")
    page.goto(session["url"] if state != "unknown" else f"{mock.url}/c/pay/cs_test_{'0' * 58}")
    if card := {"declined": "4000000000000002", "confirming": "4000002500003155"}.get(state):
        pay_by_form(page, card=card)
        expect(page.get_by_role("alert" if state == "declined" else "status")).to_be_visible()
