"""Faults that are planned on the dashboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.matrix import long_but

from .elements import send_request

pytestmark = pytest.mark.browser


def test_planned_fault_strikes_and_its_count_is_shown(dashboard: Page, mock: AccountMock) -> None:
    dashboard.get_by_role("button", name="Plan a fault").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Status").fill("429")
    dialog.get_by_label("Headers").fill("Retry-After: 7")
    dialog.get_by_label("Body", exact=True).fill('{"message": "too many"}')
    dialog.get_by_label("Path").fill("/billing/usage")
    dialog.get_by_role("button", name="Plan it").click()
    expect(dialog).to_be_hidden()
    expect(dashboard.locator("#faults")).to_contain_text("answers 429 to any /billing/usage")
    expect(dashboard.locator("#faults")).to_contain_text("waits, 1 to go")

    answer = send_request(mock, "/billing/usage")

    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (429, "7", {"message": "too many"})
    expect(dashboard.locator("#exchange-list")).to_contain_text("planned fault")
    expect(dashboard.locator("#faults")).to_contain_text("struck 1 \u00d7, spent")
    assert send_request(mock, "/billing/usage").status_code == 200


@pytest.mark.parametrize("what", long_but("reset", of=["reset", "truncate", "malformed", "empty"]))
def test_answer_defects_can_be_planned(dashboard: Page, mock: AccountMock, what: str) -> None:
    dashboard.get_by_role("button", name="Plan a fault").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("What happens").select_option(value=what)
    dialog.get_by_label("always").check()
    dialog.get_by_label("Chance, %").fill("50")
    dialog.get_by_label("Delay").fill("10ms" if what == "reset" else "0.01")
    dialog.get_by_role("button", name="Plan it").click()
    if what == "reset":  # ms is no unit
        expect(dialog.get_by_role("alert")).to_contain_text("delay")
        dialog.get_by_label("Delay").fill("1s")
        dialog.get_by_role("button", name="Plan it").click()
    expect(dialog).to_be_hidden()

    (fault,) = mock.control("GET", "/faults")["faults"]
    assert (fault["then"], fault["times"], fault["probability"]) == (what, None, 0.5)


def test_refused_fault_shows_the_reason_and_keeps_the_form(dashboard: Page) -> None:
    dashboard.get_by_role("button", name="Plan a fault").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.get_by_label("Path").fill("/_mock/sessions")
    dialog.get_by_role("button", name="Plan it").click()

    expect(dialog.get_by_role("alert")).to_contain_text("no fault strikes the control API")
    expect(dialog.get_by_label("Path")).to_have_value("/_mock/sessions")


def test_faults_can_be_forgotten_one_by_one_and_together(dashboard: Page, mock: AccountMock) -> None:
    for status in (500, 502, 503):
        mock.control("POST", "/faults", body={"then": {"status": status}})
    dashboard.reload()
    dashboard.get_by_role("button", name="Forget: answers 502").click()
    expect(dashboard.locator("#faults li")).to_have_count(2)
    dashboard.get_by_role("button", name="Forget all").click()

    expect(dashboard.get_by_text("None. A fault makes")).to_be_visible()
    expect(dashboard.get_by_role("button", name="Plan a fault")).to_be_focused()
    assert mock.control("GET", "/faults") == {"faults": []}


def test_account_s_panel_shows_the_faults_of_every_account_too(dashboard: Page, mock: AccountMock) -> None:
    other = mock.control("POST", "/accounts", body={"key": "sk-other", "name": "Other"})["account"]["id"]
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Shop"})
    for key in (None, mock.api_key, "sk-other"):
        match = {"path": "/billing/usage"} | ({"key": key} if key else {})
        mock.control("POST", "/faults", body={"match": match, "then": {"status": 503}})
    dashboard.reload()
    rows = dashboard.locator("#faults li .soft")
    expect(rows).to_have_text([f"to any /billing/usage{whose}" for whose in (" of Other", " of Shop", "")])

    dashboard.get_by_role("button", name="Shop").first.click()
    expect(rows).to_have_text(["to any /billing/usage", "to any /billing/usage of every account"])
    dashboard.get_by_role("button", name="Forget its own").click()
    expect(rows).to_have_text(["to any /billing/usage of every account"])
    expect(dashboard.get_by_role("button", name="Forget its own")).to_be_hidden()
    kept = mock.control("GET", "/faults")["faults"]
    assert [fault["match"].get("key") for fault in kept] == [None, other]
