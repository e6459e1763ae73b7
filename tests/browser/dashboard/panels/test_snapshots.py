"""Checkpoints on the dashboard: save, load, compare, delete, download and load files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import account_button, session_row

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def no_checkpoints(mock: AccountMock) -> Iterator[None]:
    """No checkpoint is left: a reset keeps them."""
    yield
    for each in mock.control("GET", "/checkpoints")["checkpoints"]:
        mock.control("DELETE", "/checkpoints", query={"name": each["name"]})


def save(dashboard: Page, name: str) -> Locator:
    """Save a checkpoint; its row."""
    dashboard.get_by_label("Name of the checkpoint").fill(name)
    dashboard.get_by_role("button", name="Save", exact=True).click()
    row = dashboard.locator("#checkpoints > li", has_text=name)
    expect(row).to_be_visible()
    return row


def confirm(dashboard: Page, button: str) -> None:
    dashboard.get_by_role("dialog").get_by_role("button", name=button).click()


def test_account_returns_to_a_checkpoint(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    account_button(dashboard, session["account"]).click()
    row = save(dashboard, "before <b>")
    expect(row).to_contain_text(f"{session['account']}, 1 session, saved")
    expect(dashboard.locator("#announcement")).to_contain_text("Saved: before <b>")
    mock.pay(session)
    expect(session_row(dashboard, session)).to_contain_text("completed")

    row.get_by_role("button", name="Load").click()
    warning = re.compile(rf"It replaces the sessions, credits, clock and faults of sk-….* \({session['account']}\)\.")
    expect(dashboard.get_by_role("dialog")).to_contain_text(warning)
    confirm(dashboard, "Load it")

    expect(session_row(dashboard, session)).to_contain_text("pending")
    expect(account_button(dashboard, session["account"])).to_have_attribute("aria-pressed", "true")
    assert (mock.balance, [each["status"] for each in mock.sessions]) == (0, ["pending"])


def test_everything_returns_after_a_reset(dashboard: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    row = save(dashboard, "both")
    expect(row).to_contain_text("2 accounts, 2 sessions")
    dashboard.get_by_role("button", name="Reset everything").click()
    confirm(dashboard, "Reset everything")
    expect(session_row(dashboard, mine)).to_have_count(0)
    row.get_by_role("button", name="Load").click()
    expect(dashboard.get_by_role("dialog")).to_contain_text("It replaces everything")
    confirm(dashboard, "Load it")
    for session in (mine, theirs):
        expect(session_row(dashboard, session)).to_be_visible()


def test_checkpoint_of_another_account_is_loaded_into_the_selected_one(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    other = AccountMock(mock.url)
    target = other.create(amount=6)["account"]
    account_button(dashboard, session["account"]).click()
    row = save(dashboard, "mine")
    account_button(dashboard, target).click()
    row.get_by_role("button", name="Load").click()
    expect(dashboard.get_by_role("dialog")).to_contain_text(
        re.compile(rf"faults of sk-….* \({target}\)\. It is the state of sk-….* \({session['account']}\)")
    )
    confirm(dashboard, "Load it")
    expect(dashboard.locator("#announcement")).to_contain_text("Loaded: 1 account, 1 session.")
    expect(dashboard.locator(".session")).to_contain_text("5 credits")
    assert [each["amount"] for each in other.sessions] == [5]


def test_checkpoint_is_compared_with_the_present_state_and_with_another(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    account_button(dashboard, session["account"]).click()
    row = save(dashboard, "before")
    mock.pay(session)
    row.get_by_role("button", name="Compare").click()
    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_text(f"session {session['id']} went from pending to completed")).to_be_visible()
    expect(dialog.get_by_text("the balance went from 0 credits to 5 credits")).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("5 differences")
    dialog.get_by_label("After").select_option("before")
    expect(dialog.get_by_role("status")).to_have_text("No difference.")
    dashboard.keyboard.press("Escape")
    save(dashboard, "later")
    dashboard.locator("#snapshot-compare").click()
    dialog.get_by_label("After").select_option("later")
    expect(dialog.get_by_text("the balance went from 0 credits to 5 credits")).to_be_visible()


def test_comparison_calls_accounts_by_their_names(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    AccountMock(mock.url).create(amount=6)
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Shop"})
    expect(dashboard.locator(".account", has_text="Shop")).to_be_visible()
    row = save(dashboard, "all")
    mock.pay(session)
    row.get_by_role("button", name="Compare").click()
    sentence = f"Shop ({session['account']}): the balance went from 0 credits to 5 credits"
    expect(dashboard.get_by_role("dialog").get_by_text(sentence)).to_be_visible()


def test_checkpoint_of_another_client_is_shown_when_the_window_has_the_focus(
    dashboard: Page, mock: AccountMock
) -> None:
    mock.create(amount=5)
    save(dashboard, "mine")
    mock.control("POST", "/checkpoints", body={"name": "theirs"})
    dashboard.evaluate("dispatchEvent(new Event('focus'))")
    expect(dashboard.locator("#checkpoints > li", has_text="theirs")).to_contain_text("1 account, 1 session")


def test_checkpoint_is_deleted_after_confirmation(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=5)
    row = save(dashboard, "mine")
    row.get_by_role("button", name="Delete").click()
    confirm(dashboard, "Keep it")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    confirm(dashboard, "Delete it")
    expect(row).to_have_count(0)
    expect(dashboard.get_by_label("Name of the checkpoint")).to_be_focused()
    assert mock.control("GET", "/checkpoints") == {"checkpoints": []}


def test_state_is_downloaded_and_loaded_from_the_file(dashboard: Page, mock: AccountMock, tmp_path: Path) -> None:
    session = mock.create(amount=5)
    account_button(dashboard, session["account"]).click()
    with dashboard.expect_download() as started:
        dashboard.get_by_role("button", name="Download").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name == f"{session['account']}.state.json"
    assert json.loads(file.read_text("utf-8"))["accounts"][0]["sessions"][0]["id"] == session["id"]
    mock.pay(session)
    dashboard.locator("#snapshot-file").set_input_files(file)
    expect(dashboard.get_by_role("dialog")).to_contain_text(f"Load {file.name}?")
    confirm(dashboard, "Load it")
    expect(session_row(dashboard, session)).to_contain_text("pending")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "The file is no state in JSON"),
        pytest.param("[]", "The file is no state in JSON", marks=pytest.mark.long),
        pytest.param('{"version": 1}', "the state is none that a mock has saved", marks=pytest.mark.long),
    ],
    ids=["no JSON", "no object", "no state"],
)
def test_file_that_is_no_state_changes_nothing(
    dashboard: Page, mock: AccountMock, tmp_path: Path, text: str, sentence: str
) -> None:
    session = mock.create(amount=5)
    file = tmp_path / "x.json"
    file.write_text(text)
    dashboard.locator("#snapshot-file").set_input_files(file)
    if "version" in text:
        confirm(dashboard, "Load it")
    expect(dashboard.locator("#announcement")).to_contain_text(sentence)
    assert [each["id"] for each in mock.sessions] == [session["id"]]
