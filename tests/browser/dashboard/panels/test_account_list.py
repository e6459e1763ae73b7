"""The accounts of the dashboard: names, search, address, clocks and the place of the panels."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from mockserver.store import open_store
from tests.browser.dashboard.elements import account_button, session_row
from tests.browser.page_watch import watch_page
from tests.browser.shared_pages import SharedPages

pytestmark = pytest.mark.browser

TITLES = ("Clock", "Credits", "Planned faults", "Snapshots", "Sessions", "Journal")


def named(mock: AccountMock, name: str) -> str:
    """The id of the account, after it was given a name."""
    account = mock.control("POST", "/accounts", body={"key": mock.api_key, "name": name})["account"]
    return str(account["id"])


def test_account_shows_hint_name_balance_and_last_activity(dashboard: Page, mock: AccountMock) -> None:
    mock.pay(mock.create(amount=50))
    row = account_button(dashboard, mock.sessions[0]["account"])
    expect(row).to_contain_text("50 credits")
    expect(row).to_contain_text(f"sk-…{mock.api_key[-4:]}")
    expect(row).to_contain_text("1 session · active ")
    named(mock, "Buyer <b>")
    expect(row).to_contain_text("Buyer <b>")
    expect(row).to_contain_text(f"sk-…{mock.api_key[-4:]}")
    assert mock.api_key not in dashboard.content()


def test_name_is_given_and_shown_in_every_title(dashboard: Page, mock: AccountMock) -> None:
    account = mock.create(amount=50)["account"]
    expect(dashboard.get_by_label("Name of this account")).to_be_hidden()
    account_button(dashboard, account).click()
    for title in TITLES:
        expect(dashboard.get_by_role("heading", name=f"{title} of sk-…{mock.api_key[-4:]}")).to_be_visible()

    dashboard.get_by_label("Name of this account").fill("Buyer")
    dashboard.keyboard.press("Enter")

    for title in TITLES:
        expect(dashboard.get_by_role("heading", name=f"{title} of Buyer", exact=True)).to_be_visible()
    expect(dashboard).to_have_title("Buyer · Dashboard · VideoDB billing mock")
    expect(dashboard.locator(".session").get_by_role("button", name=f"Only account Buyer, {account}")).to_be_visible()
    assert mock.control("GET", "/accounts")["accounts"][0]["name"] == "Buyer"
    dashboard.get_by_label("Name of this account").fill("my sk-live-key")
    dashboard.keyboard.press("Enter")
    expect(dashboard.locator("#account-error")).to_contain_text("name has an API key")
    dashboard.get_by_label("Name of this account").fill("")
    dashboard.keyboard.press("Enter")
    expect(dashboard.get_by_role("heading", name=f"Clock of sk-…{mock.api_key[-4:]}")).to_be_visible()


def test_search_finds_accounts_and_keeps_the_selected_one(dashboard: Page, mock: AccountMock) -> None:
    mine, theirs = named(mock, "Buyer"), named(AccountMock(mock.url), "Seller")
    account_button(dashboard, mine).click()
    dashboard.get_by_label("Search by name, key or id").fill("SELL")
    expect(dashboard.locator(".account")).to_have_count(3)  # all, the selected one, the found one
    expect(account_button(dashboard, theirs)).to_be_visible()
    account_button(dashboard, "All accounts").click()
    expect(dashboard.locator(".account")).to_have_count(2)
    named(AccountMock(mock.url), "Another seller")
    expect(dashboard.locator(".account")).to_have_count(3)
    dashboard.get_by_label("Search by name, key or id").fill("nobody")
    expect(dashboard.get_by_text("No account is found.")).to_be_visible()


def test_address_names_the_account(dashboard: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    account_button(dashboard, mine["account"]).click()
    address = f"{mock.url}/_mock/?account={mine['account']}"
    expect(dashboard).to_have_url(address)

    dashboard.goto(address)
    expect(session_row(dashboard, mine)).to_be_visible()
    expect(session_row(dashboard, theirs)).to_have_count(0)
    expect(account_button(dashboard, mine["account"])).to_have_attribute("aria-pressed", "true")

    account_button(dashboard, theirs["account"]).click()
    expect(session_row(dashboard, theirs)).to_be_visible()
    dashboard.go_back()
    expect(session_row(dashboard, mine)).to_be_visible()
    account_button(dashboard, "All accounts").click()
    expect(dashboard).to_have_url(f"{mock.url}/_mock/")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("acct_0123456789ab", "acct_0123456789ab", marks=pytest.mark.long),
        pytest.param("acct_<img src=x>", "acct_<img src=x>", marks=pytest.mark.long),
        ("<img src=x>", "of that key"),
    ],
)
def test_address_of_an_unknown_account_shows_all(
    shared_pages: SharedPages, mock: AccountMock, name: str, said: str
) -> None:
    session = mock.create(amount=5)
    with shared_pages.use(width=1440, height=900) as page:
        page.goto(f"{mock.url}/_mock/?account={name}")
        expect(page.locator("#announcement")).to_have_text(f"This mock has no account {said}.")
        expect(session_row(page, session)).to_be_visible()
        expect(page).to_have_url(f"{mock.url}/_mock/")


def test_key_in_the_address_becomes_the_id_of_its_account(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Billing tests"})
    before = dashboard.url
    dashboard.goto(f"{mock.url}/_mock/?account={mock.api_key}")

    expect(dashboard).to_have_url(f"{mock.url}/_mock/?account={session['account']}")
    expect(dashboard.locator("#sessions-title")).to_have_text("Sessions of Billing tests")
    expect(account_button(dashboard, session["account"])).to_have_attribute("aria-pressed", "true")
    expect(account_button(dashboard, session["account"])).to_have_count(1)
    assert mock.api_key not in dashboard.content()
    # the entry of the history is replaced, too
    dashboard.go_back()
    expect(dashboard).to_have_url(before)


def test_key_leaves_the_address_before_the_control_token_is_given(window: Page) -> None:
    with running(store="memory", control_token="sesame") as mock:
        account = mock.account()
        window.goto(f"{mock.url}/_mock/?account={account.api_key}")
        expect(window).to_have_url(f"{mock.url}/_mock/")
        window.get_by_label("Control token").fill("sesame")
        window.keyboard.press("Enter")
        expect(window).to_have_url(re.compile(r"\?account=acct_[0-9a-f]{12}$"))


def test_clock_that_differs_is_marked_with_both_times(dashboard: Page, mock: AccountMock) -> None:
    account = mock.create(amount=5)["account"]
    other = AccountMock(mock.url).create(amount=6)["account"]
    mark = account_button(dashboard, account).locator(".account-clock")
    expect(mark).to_be_hidden()
    mock.clock.advance("24h")
    expect(mark).to_have_text("clock +1 d")
    dashboard.reload()
    expect(mark).to_have_text("clock +1 d")
    expect(account_button(dashboard, other).locator(".account-clock")).to_be_hidden()
    expect(dashboard.locator("#clock-common")).to_be_hidden()
    account_button(dashboard, account).click()
    expect(dashboard.locator("#clock-common")).to_contain_text("Its own clock. The common one shows")
    mock.clock.freeze()
    expect(mark).to_contain_text("frozen at")
    mock.control("DELETE", "/clock", query={"key": mock.api_key})
    expect(mark).to_be_hidden()
    expect(dashboard.locator("#clock-common")).to_be_hidden()


@pytest.mark.long
def test_panels_keep_their_place_with_a_thousand_accounts(tmp_path: Path, shared_pages: SharedPages) -> None:
    def places(count: int) -> list[float]:
        name = f"sqlite:///{tmp_path}/{count}.db"
        store = open_store(name)

        async def fill() -> None:
            async with store.transaction() as tx:
                for number in range(count):
                    await tx.open_account(f"acct_{number:012x}")

        with ThreadPoolExecutor(1) as other_thread:  # Playwright's event loop runs in this one
            other_thread.submit(asyncio.run, fill()).result()
        store.close()
        with (
            running(store=name) as mock,
            shared_pages.use(width=1440, height=900) as page,
            watch_page(page, mock.url),
        ):
            page.goto(f"{mock.url}/_mock/")
            expect(page.locator(".account")).to_have_count(51)
            cards = page.locator(".rail > .card:not(.hint)")
            return [box["y"] for card in cards.all() if (box := card.bounding_box())]

    few, many = places(50), places(1_000)
    assert len(few) == 6
    # the buttons of pages take a line
    assert [round(new - old) for old, new in zip(few, many, strict=True)][:2] == [0, 0]
    assert max(abs(new - old) for old, new in zip(few, many, strict=True)) < 60


def test_account_of_a_mock_that_started_anew_is_left(window: Page) -> None:
    with running(store="memory") as first:
        account = AccountMock(first.url).create(amount=50)["account"]
        window.goto(f"{first.url}/_mock/?account={account}")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        expect(account_button(window, account)).to_have_attribute("aria-pressed", "true")
    expect(window.get_by_text("Connecting again")).to_be_visible()
    with running(store="memory", port=urlsplit(first.url).port) as second:
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        expect(account_button(window, "All accounts")).to_have_attribute("aria-pressed", "true")
        expect(window).to_have_url(f"{second.url}/_mock/")
        expect(window.locator("#outage")).to_be_hidden()


def test_rows_name_accounts_that_are_on_no_shown_page(dashboard: Page, mock: AccountMock) -> None:
    account, session = named(mock, "First buyer"), mock.create(amount=50)
    for number in range(55):
        mock.control("POST", "/credits", body={"key": f"sk-other-{number:04}", "credits": 1})
    dashboard.reload()
    expect(dashboard.locator(".account")).to_have_count(51)
    expect(account_button(dashboard, account)).to_have_count(0)
    expect(session_row(dashboard, session)).to_contain_text("First buyer")
    expect(dashboard.locator(".exchange")).to_contain_text("First buyer")

    named(mock, "Buyer of old")
    expect(session_row(dashboard, session)).to_contain_text("Buyer of old")
    mock.control("POST", "/reset", body={"key": mock.api_key})
    again = mock.create(amount=60)
    expect(session_row(dashboard, again)).to_contain_text(f"sk-…{mock.api_key[-4:]}")


@pytest.mark.long
def test_accounts_of_many_rows_are_asked_for_once_and_one_after_the_other(dashboard: Page, mock: AccountMock) -> None:
    for number in range(110):
        AccountMock(mock.url, api_key=f"sk-buyer-{number:04}").create(amount=5)
    dashboard.reload()
    expect(dashboard.locator(".session .link").last).to_have_text("sk-…60")
    asked: list[str] = []
    dashboard.on("request", lambda request: asked.append(request.url))
    dashboard.get_by_label("Pages of sessions").get_by_role("button", name="Older").click()
    expect(dashboard.locator(".session .link").last).to_have_text("sk-…10")
    for _ in range(2):
        dashboard.get_by_role("button", name="+1 h").click()
    accounts = [url for url in asked if "/accounts?search=acct_" in url]
    assert 0 < len(accounts) == len(set(accounts)) <= 60
