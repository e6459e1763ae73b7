"""The chapter on the checkout page: its example, and the walk by keyboard and by ear that it writes down."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.docs.markdown import MarkdownPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"]),
]
CHAPTER: Final = MarkdownPage("docs/checkout.md")
FOCUS: Final = """() => {
    const { localName, name, id, value } = document.activeElement;
    return localName === "summary" ? "fold" : name === "action" ? value : name || id;
}"""


def test_example_of_the_chapter_runs(page: Page, videodb_mock: AccountMock) -> None:
    [block] = CHAPTER.blocks("python")
    names: dict[str, Any] = {}
    exec(compile(block.text, "docs/checkout.md", "exec"), names)
    names["test_buyer_is_declined_and_pays"](page, videodb_mock)


@pytest.mark.parametrize("width", [1280, 390])
def test_walk_by_keyboard_is_as_it_is_written_down(page: Page, videodb_mock: AccountMock, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(videodb_mock.create(amount=50)["url"])
    fields = ["email", "card", "expiry", "cvc", "name", "country", "postal"]
    cards = ["fold"] if width == 390 else ["card-search", "fill", "pay_with", "fill"]
    walk = ["cancel", *(["fold"] if width == 390 else []), *fields, "pay-button", "cancel", *cards]
    seen = []
    for _ in walk:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
    assert seen == walk


def test_screen_reader_meets_the_regions_of_the_chapter(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    page.goto(videodb_mock.create(amount=50, **merchant.redirects)["url"])
    tree = page.locator("body").aria_snapshot()
    assert re.findall(r"^ *- (banner|main|region [^:\n]+):", tree, re.MULTILINE) == [
        "banner",
        "main",
        'region "Pay 127.0.0.1"',
        'region "Payment details"',
        'region "Test cards"',
    ]
    assert "img" not in tree
    expect(page.get_by_role("group", name="Card information")).to_be_visible()


@pytest.mark.parametrize("path", ["", "?card=4242424242424242"])
def test_page_has_one_column_at_a_zoom_of_400_percent(page: Page, videodb_mock: AccountMock, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    page.goto(videodb_mock.create(amount=50)["url"] + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for name in ("email", "card", "pay", "cancel"):
        box = page.get_by_test_id(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def test_receipt_is_printed_without_controls(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    videodb_mock.pay(session)
    page.goto(session["url"])
    page.emulate_media(media="print")
    expect(page.get_by_test_id("onward")).not_to_be_visible()
    expect(page.get_by_test_id("paid-with")).to_be_visible()
    page.emulate_media(media="screen")


def test_receipt_is_printed_in_the_same_colours_from_a_dark_screen(page: Page, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50)
    videodb_mock.pay(session)
    page.goto(session["url"])
    colours = """[...document.querySelectorAll("body, .initial, .outcome, .price")].map((it) => {
      const { color, backgroundColor } = getComputedStyle(it);
      return [color, backgroundColor];
    })"""
    page.emulate_media(media="print", color_scheme="light")
    light = page.evaluate(colours)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(colours) == light
    page.emulate_media(media="screen")


def test_wrong_fields_are_marked_in_forced_colours(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    page.get_by_test_id("pay").click()
    card, outline = page.get_by_test_id("card"), "it => getComputedStyle(it).outlineStyle"
    assert card.evaluate(outline) == "none"
    page.emulate_media(forced_colors="active")
    assert card.evaluate(outline) == "dashed"
    expect(page.get_by_test_id("email")).to_be_focused()
    assert page.get_by_test_id("email").evaluate(outline) == "solid"
    page.emulate_media(forced_colors="none")


def test_reduced_motion_draws_the_check_mark_at_once(page: Page, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50)
    videodb_mock.pay(session)
    for motion, animation in (("no-preference", "draw"), ("reduce", "none")):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]  # the loop's literals
        page.goto(session["url"])
        assert page.evaluate("getComputedStyle(document.querySelector('.check')).animationName") == animation
