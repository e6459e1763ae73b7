"""The keys of the dashboard, and the dialog that lists them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations
from tests.browser.dashboard.elements import send_request
from tests.matrix import long_but

pytestmark = pytest.mark.browser


@pytest.fixture
def filled(dashboard: Page, mock: AccountMock) -> Page:
    """The dashboard with two sessions, and three exchanges of which the newest violates the contract."""
    for amount in (5, 6):
        mock.create(amount=amount)
    send_request(mock, "/billing/checkout", json={"amount": "7"})
    expect(dashboard.locator(".session")).to_have_count(2)
    expect(dashboard.locator(".exchange")).to_have_count(3)
    return dashboard


def test_question_mark_lists_the_keys_and_escape_closes_the_list(filled: Page) -> None:
    start = filled.locator(".exchange").first
    start.focus()
    filled.keyboard.press("?")
    dialog = filled.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("next or previous row")
    assert axe_violations(filled) == []
    filled.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(start).to_be_focused()
    filled.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()


def test_every_key_of_the_list_has_an_effect_and_no_other_has(filled: Page) -> None:
    filled.get_by_role("button", name="Keys").click()
    listed = filled.locator("#keys dt kbd").all_inner_texts()
    bound = filled.evaluate("""async () => {
      const { Keys } = await import(new URL("guidance/keys.js", document.querySelector("script").src));
      return Object.keys(new Keys({ journal: {} }).acts);
    }""")
    assert sorted(listed) == sorted([*bound, "Esc"])


def test_key_leads_to_a_place(filled: Page) -> None:
    # the path comes last: keys are text in a field
    for key, place in (("s", "#sessions"), ("r", "#journal"), ("a", ".account >> nth=0"), ("/", "#journal-path")):
        filled.keyboard.press(key)
        expect(filled.locator(place)).to_be_focused()


def test_rows_of_a_list_are_walked_through_and_opened(filled: Page) -> None:
    rows = filled.locator(".exchange")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        filled.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    filled.keyboard.press("Enter")
    expect(rows.first).to_have_attribute("aria-expanded", "true")
    filled.get_by_role("button", name="Copy").focus()
    filled.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()

    filled.keyboard.press("s")
    for row in (0, 1):
        filled.keyboard.press("j")
        expect(filled.locator(".session").nth(row).locator("summary")).to_be_focused()
    filled.keyboard.press("Enter")
    expect(filled.locator(".session").nth(1).locator("[data-part=more]")).to_be_visible()
    expect(filled.get_by_role("dialog")).to_have_count(0)
    filled.keyboard.press("a")
    filled.keyboard.press("j")
    expect(filled.locator(".account").nth(1)).to_be_focused()


def test_violations_are_chosen_and_the_journal_is_paused_by_keys(filled: Page) -> None:
    filled.keyboard.press("v")
    expect(filled.locator(".exchange")).to_have_count(1)
    filled.keyboard.press("v")
    expect(filled.locator(".exchange")).to_have_count(3)
    filled.keyboard.press("p")
    expect(filled.get_by_role("button", name="Go on")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("key", "dialog"), long_but(("n", "New session"), of=[("f", "Plan a fault"), ("n", "New session"), ("l", "Ledger")])
)
def test_key_opens_a_dialog(filled: Page, mock: AccountMock, key: str, dialog: str) -> None:
    filled.locator(".account", has_text=mock.sessions[0]["account"]).click()
    expect(filled.locator("#ledger-open")).to_be_enabled()
    filled.keyboard.press(key)
    expect(filled.get_by_role("dialog", name=dialog)).to_be_visible()


def test_keys_are_text_in_a_field_and_do_nothing_in_a_dialog(filled: Page) -> None:
    filled.keyboard.press("/")
    filled.keyboard.type("/v?jp")
    expect(filled.locator("#journal-path")).to_have_value("/v?jp")
    expect(filled.get_by_role("dialog")).to_have_count(0)
    expect(filled.locator(".exchange")).to_have_count(3)
    filled.locator("#journal-path").fill("")
    filled.locator("#journal").focus()
    filled.keyboard.press("f")
    filled.locator("#fault [data-close]").focus()
    filled.keyboard.press("v")
    filled.keyboard.press("Control+s")
    expect(filled.get_by_role("dialog")).to_have_count(1)
    expect(filled.locator("#journal-kind")).to_have_value("")


def test_escape_leaves_a_field_and_keys_work_again(filled: Page) -> None:
    filled.keyboard.press("/")
    filled.keyboard.type("/billing/*")
    filled.keyboard.press("Escape")
    expect(filled.locator("#journal")).to_be_focused()
    filled.keyboard.press("v")
    expect(filled.locator(".exchange")).to_have_count(1)
    expect(filled.locator("#journal-path")).to_have_value("/billing/*")


def test_ledger_key_without_an_account_says_what_is_missing(filled: Page) -> None:
    filled.keyboard.press("l")
    expect(filled.locator("#announcement")).to_contain_text("choose an account first")
    expect(filled.get_by_role("dialog")).to_have_count(0)


def test_keys_can_be_turned_off_for_good(filled: Page) -> None:
    filled.get_by_role("button", name="Keys").click()
    filled.get_by_label("Keys are on").uncheck()
    filled.keyboard.press("Escape")
    filled.keyboard.press("v")
    filled.reload()
    expect(filled.locator(".exchange")).to_have_count(3)
    filled.keyboard.press("?")
    expect(filled.get_by_role("dialog")).to_have_count(0)
    filled.get_by_role("button", name="Keys").click()
    filled.get_by_label("Keys are on").check()
    filled.keyboard.press("Escape")
    filled.keyboard.press("v")
    expect(filled.locator(".exchange")).to_have_count(1)


def test_keys_wait_for_the_control_token(window: Page, locked_url: str) -> None:
    window.goto(f"{locked_url}/_mock/")
    window.locator("body").press("?")
    expect(window.get_by_role("dialog")).to_have_count(0)


def test_an_exchange_is_found_read_and_copied_by_keyboard_alone(filled: Page) -> None:
    filled.context.grant_permissions(["clipboard-read", "clipboard-write"])
    filled.keyboard.press("v")
    expect(filled.locator(".exchange")).to_have_count(1)
    filled.keyboard.press("j")
    filled.keyboard.press("Tab")
    expect(filled.get_by_role("button", name="1 violation")).to_be_focused()
    filled.keyboard.press("Enter")
    expect(filled.get_by_role("list", name="Violations of Request")).to_be_focused()
    for name in ("Copy", "fetch", "Python"):
        while not filled.get_by_role("button", name=name).evaluate("it => it === document.activeElement"):
            filled.keyboard.press("Shift+Tab")
    filled.keyboard.press("Enter")
    filled.keyboard.press("Tab")
    filled.keyboard.press("Tab")
    filled.keyboard.press("Enter")
    expect(filled.get_by_role("button", name="Copied")).to_be_focused()
    assert "requests.post(" in filled.evaluate("navigator.clipboard.readText()")
