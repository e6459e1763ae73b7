"""Focus on the dashboard: an element that is hidden or removed hands its focus on."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from mockserver.client.account_mock import AccountMock

from .elements import account_button, session_row
from .held_answers import HeldAnswers

pytestmark = pytest.mark.browser


def test_removed_row_hands_its_focus_on_when_events_overtake_answers(dashboard: Page, mock: AccountMock) -> None:
    answers = HeldAnswers(dashboard, "**/_mock/sessions?*")
    dashboard.reload()
    # slow streams open after the first load, and cause another
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    first = mock.create(amount=50)
    expect(account_button(dashboard, first["account"])).to_be_visible()
    answers.release_held()
    expect(session_row(dashboard, first)).to_be_visible()
    second = mock.create(amount=60)
    expect(session_row(dashboard, second)).to_be_visible()

    dashboard.get_by_label("Status").first.select_option("pending")
    answers.wait()
    session_row(dashboard, second).get_by_role("button", name="Pay").focus()
    mock.pay(second)
    expect(account_button(dashboard, second["account"])).to_contain_text("60")
    answers.release()

    expect(session_row(dashboard, second)).to_have_count(0)
    expect(session_row(dashboard, first).locator(":focus")).to_have_count(1)


def test_session_created_before_the_stream_opens_is_shown(dashboard: Page, mock: AccountMock) -> None:
    streams: list[Route] = []
    dashboard.route("**/_mock/events*", lambda route: streams.append(route))
    dashboard.reload()
    expect(dashboard.get_by_text("No sessions here yet.")).to_be_visible()
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_have_count(0)
    for stream in streams:
        stream.continue_()

    expect(session_row(dashboard, session)).to_be_visible()
    expect(dashboard.locator(".exchange")).to_have_count(1)


def test_balance_of_an_event_outlives_an_older_answer(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(account_button(dashboard, session["account"])).to_contain_text("1 session")
    answers = HeldAnswers(dashboard, "**/_mock/accounts?*")
    mock.create(amount=60)
    answers.wait()
    mock.pay(session)
    expect(session_row(dashboard, session)).to_contain_text("completed")
    answers.release()

    expect(account_button(dashboard, session["account"])).to_contain_text("2 sessions")
    expect(account_button(dashboard, session["account"])).to_contain_text("50")


def test_moved_row_keeps_its_focus(dashboard: Page) -> None:
    focused = dashboard.evaluate("""async () => {
      const { KeyedList } = await import(new URL("base/dom.js", document.querySelector("script").src));
      const list = document.createElement("ul");
      document.getElementById("dashboard").append(list);
      const create = (name) => {
        const [row, button] = [document.createElement("li"), document.createElement("button")];
        button.append(name);
        row.append(button);
        return row;
      };
      const rows = new KeyedList(list, { create, update() {}, keyOf: (name) => name, fallback: document.body });
      rows.render(["one", "two", "three"]);
      list.lastElementChild.firstElementChild.focus();
      rows.render(["three", "one", "two"]);
      return [document.activeElement.textContent, list.textContent];
    }""")

    assert focused == ["three", "threeonetwo"]


def test_page_buttons_hand_their_focus_on(dashboard: Page, mock: AccountMock) -> None:
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False, timeout=30) as client:
        for _ in range(51):
            client.post(f"{mock.url}/billing/checkout", json={"amount": 5})
    pages = dashboard.get_by_role("navigation", name="Pages of sessions")
    newer, older = pages.get_by_role("button", name="Newer"), pages.get_by_role("button", name="Older")
    older.focus()
    dashboard.keyboard.press("Enter")
    expect(older).to_be_disabled()
    expect(newer).to_be_focused()
    dashboard.keyboard.press("Enter")
    expect(newer).to_be_disabled()
    expect(older).to_be_focused()
    mock.control("POST", "/reset", body={})

    expect(pages).to_be_hidden()
    expect(dashboard.locator("#sessions")).to_be_focused()


def test_copy_button_hands_its_focus_on_when_the_first_row_comes(dashboard: Page, mock: AccountMock) -> None:
    dashboard.locator("#sessions-empty").get_by_role("button", name="Copy").focus()
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_be_visible()
    expect(dashboard.locator("#sessions")).to_be_focused()

    exchanges = dashboard.locator(".exchange")
    expect(exchanges).to_have_count(1)  # a row that comes later would hide the button before it has the focus
    mock.control("POST", "/reset", body={})
    dashboard.locator("#journal-empty").get_by_role("button", name="Copy").focus()
    mock.create(amount=50)
    expect(exchanges).to_have_count(1)
    expect(dashboard.locator("#journal")).to_be_focused()


def test_last_fault_hands_its_focus_to_the_plan_button(dashboard: Page, mock: AccountMock) -> None:
    mock.control("POST", "/faults", body={"then": {"status": 500}})
    dashboard.reload()
    dashboard.get_by_role("button", name="Forget: answers 500").focus()
    mock.control("POST", "/reset", body={})

    expect(dashboard.locator(".faults > li")).to_have_count(0)
    expect(dashboard.get_by_role("button", name="Plan a fault")).to_be_focused()


def test_closed_dialog_focuses_the_row_if_its_button_is_hidden(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    session_row(dashboard, session).get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_role("button", name="Pay").focus()
    mock.pay(session)
    expect(dialog.get_by_role("button", name="Pay")).to_be_disabled()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    expect(session_row(dashboard, session)).to_contain_text("completed")
    dashboard.keyboard.press("Escape")

    expect(session_row(dashboard, session).get_by_role("link", name="Open")).to_be_focused()


def test_closed_dialog_focuses_the_list_if_its_row_was_removed(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    dashboard.get_by_label("Status").first.select_option("pending")
    session_row(dashboard, session).get_by_role("button", name="Pay").click()
    mock.pay(session)
    expect(session_row(dashboard, session)).to_have_count(0)
    dashboard.keyboard.press("Escape")

    expect(dashboard.locator("#sessions")).to_be_focused()


def test_closed_confirmation_focuses_the_remaining_reset_button(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    account_button(dashboard, session["account"]).click()
    dashboard.get_by_role("button", name=f"Reset {session['account']}").click()
    mock.control("POST", "/reset", body={})
    expect(dashboard.locator("#reset-account")).to_be_hidden()
    dashboard.keyboard.press("Escape")

    expect(dashboard.get_by_role("button", name="Reset everything")).to_be_focused()
