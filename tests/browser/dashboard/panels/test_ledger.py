"""The ledger of an account: a picture of its balance, and a table."""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import account_button
from tests.matrix import long_but

pytestmark = pytest.mark.browser


def open_ledger(dashboard: Page, mock: AccountMock) -> Locator:
    """The dialog of the ledger of the account."""
    account_button(
        dashboard, mock.control("GET", "/accounts", query={"key": mock.api_key})["accounts"][0]["id"]
    ).click()
    dashboard.get_by_role("button", name="Ledger and balance").click()
    return dashboard.get_by_role("dialog")


def rows(dialog: Locator) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in dialog.locator("tbody > tr").all()]


def recharge(mock: AccountMock, **settings: Any) -> None:
    headers = {"x-access-token": mock.api_key}
    httpx.post(f"{mock.url}/billing/auto_recharge", json=settings, headers=headers, trust_env=False, timeout=30)


def test_ledger_has_entries_with_the_balance_after_each(dashboard: Page, mock: AccountMock) -> None:
    session = mock.pay(mock.create(amount=50))
    recharge(mock, enabled=True, threshold=10, amount=40)
    mock.clock.advance("48h")
    mock.consume(45, category="indexing")
    mock.give(0.5)
    dialog = open_ledger(dashboard, mock)
    expect(dialog.locator("tbody > tr")).to_have_count(4)
    expect(dialog.get_by_text("The balance is 45.5 credits, after 4 entries.")).to_be_visible()
    cells = rows(dialog)
    assert [(row[0], row[3], row[4]) for row in cells] == [
        ("4", "+0.5", "45.5"),
        ("3", "-45", "45"),
        ("2", "+40", "90"),
        ("1", "+50", "50"),
    ]
    assert [row[2].split()[0] for row in cells] == ["given", "consumed,", "auto", "purchase"]
    assert cells[3][2].endswith(session["id"][-6:])
    mock.create(amount=7)
    dialog.get_by_role("button", name="Show session").click()
    expect(dialog).to_be_hidden()
    expect(dashboard.locator(".session")).to_have_count(1)
    expect(dashboard.locator(f".session[data-id={session['id']}]")).to_be_visible()
    expect(dashboard.get_by_label("Session id, or a part of it")).to_be_focused()


def test_picture_marks_payments_recharges_and_gifts(dashboard: Page, mock: AccountMock) -> None:
    mock.pay(mock.create(amount=50))
    recharge(mock, enabled=True, threshold=10, amount=40)
    mock.clock.advance("48h")
    mock.consume(45)
    mock.give(0.5)
    dialog = open_ledger(dashboard, mock)
    chart = dialog.get_by_role("img")
    expect(chart).to_be_visible()
    expect(chart).to_have_accessible_name(_summary(dialog))
    for kind, title in (("purchase", "Session paid"), ("recharge", "Auto recharge"), ("grant", "Given")):
        mark = chart.locator(f".mark.{kind}")
        expect(mark).to_have_count(1)
        expect(mark.locator("title")).to_contain_text(f"{title}, ")
    path = chart.locator(".balance").get_attribute("d") or ""
    assert path.count("V") == 4


def _summary(dialog: Locator) -> str:
    text = dialog.locator("#ledger-summary").text_content() or ""
    assert "50 credits at first, 45.5 credits at last, 45 at least, 90 at most." in text
    assert text.endswith("1 session was paid, 1 auto recharge, 1 gift.")
    return text


def test_ledger_follows_new_entries_and_closes_with_its_account(dashboard: Page, mock: AccountMock) -> None:
    mock.give(1)
    dialog = open_ledger(dashboard, mock)
    expect(dialog.locator("tbody > tr")).to_have_count(1)
    mock.give(2)
    expect(dialog.locator("tbody > tr")).to_have_count(2)
    expect(dialog.get_by_text("The balance is 3 credits")).to_be_visible()
    assert [row[3:] for row in rows(dialog)] == [["+2", "3"], ["+1", "1"]]
    mock.control("POST", "/reset", body={"key": mock.api_key})
    expect(dialog).to_be_hidden()
    expect(dashboard.get_by_role("button", name="Ledger and balance")).to_be_disabled()


def test_focus_in_the_ledger_stays_where_it_is_when_an_entry_arrives(dashboard: Page, mock: AccountMock) -> None:
    mock.pay(mock.create(amount=50))
    dialog = open_ledger(dashboard, mock)
    link = dialog.get_by_role("button", name="Show session")
    link.focus()
    mock.give(2)
    expect(dialog.locator("tbody > tr")).to_have_count(2)
    expect(link).to_be_focused()


def test_empty_ledger_says_so(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=5)
    dialog = open_ledger(dashboard, mock)
    expect(dialog.get_by_text("No entry yet.")).to_be_visible()
    expect(dialog.get_by_role("table")).to_be_hidden()


@pytest.mark.long
def test_long_ledger_is_read_by_pages_and_drawn_by_steps(dashboard: Page, mock: AccountMock) -> None:
    for _ in range(30):
        mock.give(1)
    dialog = open_ledger(dashboard, mock)
    expect(dialog.locator("tbody > tr")).to_have_count(25)
    dialog.get_by_role("button", name="Older").click()
    expect(dialog.locator("tbody > tr")).to_have_count(5)
    expect(dialog.get_by_text(re.compile("26.30 of 30"))).to_be_visible()
    assert [row[4] for row in rows(dialog)] == ["5", "4", "3", "2", "1"]
    dashboard.keyboard.press("Escape")

    for _ in range(471):
        mock.give(1)
    dashboard.get_by_role("button", name="Ledger and balance").click()
    expect(dialog.get_by_text("The picture shows one of each 2 entries.")).to_be_visible()
    assert (dialog.locator(".balance").get_attribute("d") or "").count("V") == 251


TICKS: Final[dict[tuple[float, float], list[float]]] = {
    (0, 50): [0, 10, 20, 30, 40, 50],
    (0, 109): [0, 50, 100, 150],
    (-3, 8): [-5, 0, 5, 10],
    (0, 0): [0, 0.2, 0.4, 0.6, 0.8, 1],
    (0, 0.3): [0, 0.1, 0.2, 0.3],
    (0, 10**12): [0, 2e11, 4e11, 6e11, 8e11, 1e12],
}


def test_axis_has_few_round_numbers(dashboard: Page, mock: AccountMock) -> None:
    module = dashboard.locator("script[type=module]").get_attribute("src") or ""
    found = {
        (low, high): dashboard.evaluate(
            "async ([url, low, high]) => (await import(url)).niceTicks(low, high)",
            [module.replace("main.js", "panels/balance_chart.js"), low, high],
        )
        for low, high in TICKS
    }
    assert found == TICKS


@pytest.mark.parametrize("given", long_but(10**12, of=[123_456, 10**9, 10**12]))
def test_large_balances_fit_a_narrow_window(dashboard: Page, mock: AccountMock, given: int) -> None:
    mock.give(given)
    mock.clock.advance("48h")
    mock.consume(2.5)
    dashboard.set_viewport_size({"width": 320, "height": 900})
    dialog = open_ledger(dashboard, mock)
    expect(dialog.locator("tbody > tr")).to_have_count(2)
    assert dialog.locator(".chart text").evaluate_all("all => all.every((each) => each.getBBox().x >= 0)")
    table = dialog.get_by_role("region", name="Entries, newest first")
    if given < 10**12:
        assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
        expect(dialog.locator("tbody > tr").first).to_contain_text(f"{given - 2.5:,}")
