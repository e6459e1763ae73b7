"""The checkout page by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant

from .elements import BACK, type_form

pytestmark = pytest.mark.browser


def test_tab_key_visits_controls_in_reading_order_with_visible_focus(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])

    for stop in (
        page.get_by_role("button", name=BACK),
        page.get_by_label("E-mail"),
        page.get_by_label("Card number"),
        page.get_by_label("Expiry"),
        page.get_by_label("CVC"),
        page.get_by_label("Full name"),
        page.get_by_label("Country or region"),
        page.get_by_label("Postal code"),
        page.get_by_role("button", name="Pay $50.00"),
        page.get_by_role("button", name="Cancel payment"),
        page.get_by_role("button", name="Fill in 4242 4242 4242 4242 Visa pays"),
        page.get_by_role("button", name="Pay with 4242 4242 4242 4242, pays"),
    ):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
        assert _outline(stop) >= 2


def test_enter_key_in_the_form_pays(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(session["url"])
    page.keyboard.press("Tab")
    for text in ("ada@shop.example", "4000000000000002", "1234", "123", "Ada Byron", "", "12345"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("declined")
    expect(alert).to_be_focused()
    for key in ("Tab", "Tab", "Control+A"):
        page.keyboard.press(key)
    page.keyboard.type("4242424242424242")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    assert videodb_mock.balance == 50


def test_session_is_cancelled_by_keyboard(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    for key in ("Tab", "Space"):
        page.keyboard.press(key)

    expect(page).to_have_url(f"{merchant.url}/basket?items=1")
    assert videodb_mock.balance == 0


def test_first_wrong_field_has_the_focus(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    page.get_by_label("E-mail").fill("ada@shop.example")
    page.keyboard.press("Enter")

    card = page.get_by_label("Card number")
    expect(card).to_be_focused()
    expect(card).to_have_accessible_description(
        "Enter your card number. Test cards only; any future date and any CVC will do."
    )
    assert card.get_attribute("aria-invalid") == "true"


def test_test_card_pays_by_keyboard(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    page.get_by_role("button", name="Pay with 4000 0000 0000 9995").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("insufficient funds")

    page.get_by_role("button", name="Pay with 4242 4242 4242 4242").focus()
    page.keyboard.press("Space")

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")


def test_3d_secure_is_confirmed_by_keyboard(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    type_form(page, card="4000002500003155")
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="Complete")
    expect(confirm).to_be_focused()

    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")


def _outline(element: Locator) -> float:
    """How wide the mark is that the focused element wears, in pixels."""
    width: str = element.evaluate("it => getComputedStyle(it).outlineWidth")
    style: str = element.evaluate("it => getComputedStyle(it).outlineStyle")
    return 0 if style == "none" else float(width.removesuffix("px"))
