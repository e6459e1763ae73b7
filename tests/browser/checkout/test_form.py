"""The form with JavaScript: masks, the brand's mark, the drawer of test cards, and a payment on its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from mockserver.domain.payment.card_table import card_lines
from tests.browser.merchant import Merchant
from tests.matrix import long_but, thinned
from tests.web.pages.checkout_forms import ARABIC, FULLWIDTH

from .elements import PAY, pay_by_form, type_form

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"]),
]
# while a page waits for the answer to its form, Playwright cannot look at it: the page notes its own look
NOTE_BUSY = """() => {
    const note = () => sessionStorage.setItem("busy", JSON.stringify({
        label: document.querySelector(".pay").textContent,
        disabled: document.querySelector(".pay").disabled,
        spinner: getComputedStyle(document.querySelector(".spinner")).display,
        said: document.getElementById("progress").textContent,
    }));
    new MutationObserver(note).observe(document.body, { attributes: true });
}"""
BRANDS = {line.brand.name: line for line in card_lines()}


def test_number_is_grouped_as_it_is_typed(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    card, cvc = page.get_by_label("Card number"), page.get_by_label("CVC")
    for line in thinned(BRANDS.values(), step=3):
        for field in (card, cvc):
            field.fill("")
        card.press_sequentially(line.number + "7" * (max(line.brand.lengths) == len(line.number)))
        cvc.press_sequentially("12345")

        expect(card).to_have_value(line.spaced)
        expect(page.get_by_test_id("brand")).to_have_text(line.brand.name)
        expect(cvc).to_have_value(line.cvc)


def test_caret_stays_where_a_digit_is_changed(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    card = page.get_by_label("Card number")
    card.fill("4242424242424242")
    card.evaluate("it => it.setSelectionRange(6, 6)")
    page.keyboard.press("Backspace")
    expect(card).to_have_value("4242 2424 2424 242")
    page.keyboard.type("9")

    expect(card).to_have_value("4242 9242 4242 4242")


EXPIRY_DATES = {
    "1234": "12 / 34",
    "5": "05 / ",
    "12/2034": "12 / 34",
    "12/2130": "12 / 2130",
    "12345": "12 / 34",
    "1": "1",
    "12x": "12 / ",
    "1/34": "01 / 34",
    "1 / 34": "01 / 34",
    "1/2034": "01 / 34",
    "1-": "01 / ",
    "12/34".translate(FULLWIDTH): "12 / 34",
    "0134".translate(ARABIC): "01 / 34",
}


def test_expiry_date_is_completed_as_it_is_typed(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    expiry = page.get_by_label("Expiry")
    for typed, shown in thinned(EXPIRY_DATES.items(), step=2):
        expiry.fill(typed)
        expect(expiry).to_have_value(shown)
        expiry.fill("")
        expiry.press_sequentially(typed)
        expect(expiry).to_have_value(shown)
        for _ in range(6):
            expiry.press("Backspace")
        expect(expiry).to_have_value("")


def test_expiry_date_that_begins_with_its_year_is_turned_round(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    page.get_by_label("Expiry").fill("2034-01")
    expect(page.get_by_label("Expiry")).to_have_value("01 / 34")


def test_digit_of_the_month_is_replaced_before_the_year(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    expiry = page.get_by_label("Expiry")
    expiry.fill("12 / 34")
    expiry.evaluate("it => it.setSelectionRange(2, 2)")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    expect(expiry).to_have_value("11 / 34")


def test_digits_of_every_script_are_digits_of_the_card(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    for script in (FULLWIDTH, ARABIC):
        page.get_by_label("Card number").fill("4242424242424242".translate(script))
        expect(page.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")


def test_message_goes_when_its_field_is_changed(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card="4242 42")
    card = page.get_by_label("Card number")
    expect(card).to_be_focused()
    card.press("End")
    page.keyboard.type("4")

    expect(page.get_by_text("incomplete")).to_have_count(0)
    expect(card).to_have_accessible_description("Test cards only; any future date and any CVC will do.")
    assert card.get_attribute("aria-invalid") is None


def test_click_on_a_test_card_fills_in_the_form_without_a_request(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    page.get_by_label("E-mail").fill("ada@shop.example")
    page.get_by_role("button", name="Fill in 3782 822463 10005").click()

    for label, text in {"E-mail": "ada@shop.example", "Card number": "3782 822463 10005", "CVC": "1234"}.items():
        expect(page.get_by_label(label)).to_have_value(text)
    expect(page.get_by_role("button", name=PAY)).to_be_focused()
    assert [request["method"] for request in videodb_mock.requests if "/pay/" in request["path"]] == ["GET"]
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")


SEARCHES = {
    "fraud": ["4100000000000019"],
    "4000 0000 0000 99": ["4000000000009995", "4000000000009987", "4000000000009979"],
    "3d secure funds": ["4000008260003178"],
    "jcb": ["3566002020360505"],
    "amex": ["378282246310005", "371449635398431"],
    "insufficient decline": ["4000000000009995", "4000008260003178"],
    "succeeds debit visa": ["4000056655665556"],
    "220": ["4000000000003220", "2223003122003222"],
    "master 2223": ["2223003122003222"],
    "no such card": [],
}


def test_test_cards_are_searched_by_number_and_word(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    for words, found in SEARCHES.items():
        page.get_by_test_id("card-search").fill(words)

        buttons = page.locator(".fill").filter(visible=True)
        expect(buttons).to_have_count(len(found))
        assert [button.get_attribute("value") for button in buttons.all()] == found
        expect(page.get_by_text("No test card matches.")).to_be_visible(visible=not found)


def test_search_for_an_outcome_finds_each_of_its_cards(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    for word, pays in (("declined", False), ("success", True), ("decline", False), ("pays", True)):
        page.get_by_test_id("card-search").fill(word)
        buttons = page.locator(".fill").filter(visible=True)
        expect(buttons).to_have_count(sum(line.pays is pays for line in card_lines()))
        found = {button.get_attribute("value") for button in buttons.all()}
        assert found == {line.number for line in card_lines() if line.pays is pays}


@pytest.mark.parametrize("words", long_but("3ds", of=["3-d", "3D", "3ds", "3-D Secure", "secure"]))
def test_search_for_3d_secure_finds_its_cards_alone(page: Page, videodb_mock: AccountMock, words: str) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    page.get_by_test_id("card-search").fill(words)
    buttons = page.locator(".fill").filter(visible=True)
    secure = {line.number for line in card_lines() if "3-D" in line.words}
    expect(buttons).to_have_count(len(secure))
    assert {button.get_attribute("value") for button in buttons.all()} == secure


def test_rows_of_the_drawer_end_where_the_search_ends(page: Page, videodb_mock: AccountMock) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(videodb_mock.create(amount=50)["url"])
    edges = "it => [it.getBoundingClientRect().left, it.getBoundingClientRect().right]"
    search, row, drawer = (page.locator(each).first.evaluate(edges) for each in (".search", ".group li", ".list"))
    assert row == search
    # the ring of the focus has room beside the row
    assert (drawer[0] <= row[0] - 5, drawer[1] >= row[1] + 5) == (True, True)


def test_label_of_the_postal_code_follows_the_country(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    note = page.locator("#postal-note")
    for country, says in (("DE", " (optional)"), ("CA", "")):
        page.get_by_label("Country or region").select_option(country)
        expect(note).to_have_text(says)


def test_drawer_and_summary_are_folded_on_a_phone(page: Page, videodb_mock: AccountMock) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(videodb_mock.create(amount=50)["url"])
    card, total = page.get_by_test_id("fill-4242424242424242"), page.get_by_test_id("total-due")
    for fold, inside in (("Order summary", total), ("All test cards", card)):
        expect(inside).not_to_be_visible()
        page.get_by_text(fold).click()
        expect(inside).to_be_visible()
    page.set_viewport_size({"width": 900, "height": 800})
    page.reload()
    for inside in (card, total):
        expect(inside).to_be_visible()


def test_list_of_test_cards_scrolls_and_the_page_ends_below_it(page: Page, videodb_mock: AccountMock) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(videodb_mock.create(amount=50)["url"])
    end = page.get_by_test_id("test-cards").evaluate("drawer => drawer.getBoundingClientRect().bottom")
    assert page.evaluate("document.documentElement.scrollHeight") == pytest.approx(end, abs=2)


def test_slow_payment_shows_that_it_is_processed(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    type_form(page)
    videodb_mock.fail_next(method="POST", path="/c/pay/*", delay=1)
    page.evaluate(NOTE_BUSY)
    page.get_by_role("button", name=PAY).click()

    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert page.evaluate("JSON.parse(sessionStorage.getItem('busy'))") == {
        "label": "Processing",
        "disabled": True,
        "spinner": "inline-block",
        "said": "Your payment is processed.",
    }
    page.evaluate("sessionStorage.clear()")


def test_letter_that_no_font_has_is_drawn_as_a_box(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    name = page.get_by_label("Full name")
    pictures = set()
    for text in ("", "\U000f1234", "\U000f1234\U000f1234"):
        name.fill(text)
        page.get_by_label("E-mail").focus()
        pictures.add(name.screenshot())
    assert len(pictures) == 3


def test_look_needs_no_font_of_the_machine(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
    assert page.evaluate("[...document.fonts].map(({ family, status }) => [family, status])") == [["Inter", "loaded"]]
