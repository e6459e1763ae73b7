"""axe-core finds nothing wrong with any page in any state, in either colour scheme, narrow or wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mockserver import running
from mockserver.pytest_plugin import AccountMock

from .axe_core import found_by_axe
from .checkout.elements import PAY
from .dashboard.elements import a_session, an_account, asked
from .merchant import Merchant

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(320, "dark"), (1440, "light")], ids=lambda it: f"{it[0]} {it[1]}")
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param
    size: Any = {"width": width, "height": 800}
    # reduced: a colour that is on its way to another is neither
    with browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:
        yield context.new_page()


def test_the_checkout_page(window: Page, mock: AccountMock, merchant: Merchant) -> None:
    found: dict[str, list[str]] = {}
    session = mock.create(amount=50, **merchant.redirects)
    plan = mock.create(mode="subscription", plan_id="plan-basic")
    late = mock.create(amount=50, **merchant.redirects)
    mock.control("POST", f"/sessions/{late['id']}/expire", body={})

    window.goto(session["url"])
    found["pending"] = found_by_axe(window)
    window.get_by_role("button", name="4000 0000 0000 9995").click()
    expect(window.get_by_role("alert")).to_be_visible()
    found["declined"] = found_by_axe(window)
    window.get_by_role("button", name="4000 0025 0000 3155").click()
    expect(window.get_by_role("button", name="Confirm payment")).to_be_visible()
    found["confirming"] = found_by_axe(window)
    mock.pay(session)
    window.goto(session["url"])
    found["completed"] = found_by_axe(window)

    window.goto(plan["url"])
    window.get_by_role("button", name="Back to the merchant").click()
    expect(window.get_by_role("status")).to_be_visible()
    found["turned back"] = found_by_axe(window)
    window.get_by_role("button", name=PAY).click()
    expect(window.get_by_role("status")).to_contain_text("Paid.")
    found["receipt"] = found_by_axe(window)

    window.goto(late["url"])
    found["expired"] = found_by_axe(window)
    window.goto(f"{mock.url}/c/pay/none")
    found["unknown"] = found_by_axe(window)
    assert found == {state: [] for state in found}


def test_the_dashboard(window: Page, mock: AccountMock) -> None:
    found: dict[str, list[str]] = {}
    window.goto(f"{mock.url}/_mock/")
    expect(window.get_by_text("No sessions here yet.")).to_be_visible()
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    found["empty"] = found_by_axe(window)

    _fill(mock)
    session = mock.create(amount=50)
    expect(a_session(window, session)).to_be_visible()
    expect(window.locator(".faults > li")).to_have_count(2)
    found["full"] = found_by_axe(window)

    for row in window.locator("#exchange-list > li").all()[:4]:
        row.locator(".exchange").click()
        row.locator("summary").first.click()
    window.locator(".session summary").first.click()
    found["opened"] = found_by_axe(window)

    an_account(window, session["account"]).click()
    window.get_by_role("button", name="Freeze").click()
    window.get_by_role("button", name="Consume").click()
    expect(window.locator("#credits-wrong")).not_to_be_empty()
    window.get_by_label("Date and time, UTC").fill("2001-01-01T00:00")
    window.get_by_role("button", name="Set the clock", exact=True).click()
    expect(window.locator("#clock-wrong")).not_to_be_empty()
    expect(window.locator("#said > .bad")).to_be_visible()
    window.get_by_role("button", name="Pause").click()
    found["one account, refused"] = found_by_axe(window)

    a_session(window, session).get_by_role("button", name="Pay").click()
    dialog = window.get_by_role("dialog")
    found["paying"] = found_by_axe(window)
    dialog.get_by_label("4000 0084 0000 1629").check()
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    found["declined"] = found_by_axe(window)
    window.keyboard.press("Escape")

    window.get_by_role("button", name="Plan a fault").click()
    dialog.get_by_label("Path").fill("nowhere")
    dialog.get_by_role("button", name="Plan it").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    found["planning"] = found_by_axe(window)
    window.keyboard.press("Escape")

    window.get_by_role("button", name="Reset everything").click()
    found["asking"] = found_by_axe(window)
    window.keyboard.press("Escape")
    window.locator("#journal-path").fill("/none")
    window.get_by_role("button", name="Filter").click()
    expect(window.locator("#journal-none")).to_be_visible()
    found["filtered"] = found_by_axe(window)
    assert found == {state: [] for state in found}


def test_the_gate(window: Page) -> None:
    with running(store="memory", control_token="sesame") as mock:
        window.goto(f"{mock.url}/_mock/")
        first = found_by_axe(window)
        window.get_by_label("Control token").fill("wrong")
        window.keyboard.press("Enter")
        expect(window.get_by_role("alert")).not_to_be_empty()
        assert (first, found_by_axe(window)) == ([], [])


def test_what_is_wrong_would_be_found(window: Page, mock: AccountMock) -> None:
    window.goto(f"{mock.url}/_mock/")
    window.evaluate("document.querySelector('#board').append(document.createElement('button'))")
    window.evaluate("document.querySelector('#board h2').style.color = '#777'")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    assert {violation.partition(":")[0] for violation in found_by_axe(window)} >= {"button-name", "color-contrast"}


def _fill(mock: AccountMock) -> None:
    """Something of every kind that the dashboard shows."""
    mock.pay(mock.create(amount=5))
    mock.create(mode="subscription", plan_id="plan-basic")
    mock.control("POST", f"/sessions/{mock.create(amount=7)['id']}/expire", body={})
    declined = mock.create(amount=8)
    mock.control("POST", "/faults", body={"match": {"path": "/billing/usage"}, "then": {"status": 503}})
    mock.control("POST", "/faults", body={"delay": "1s", "match": {"path": "/billing/invoices"}, "times": None})
    asked(mock, "/billing/usage")
    asked(mock, "/billing/checkout", json={"amount": "50"})
    asked(mock, f"/c/pay/{declined['id']}")
    asked(mock, "/billing/nothing")
