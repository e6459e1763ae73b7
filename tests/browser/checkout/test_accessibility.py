"""axe-core finds no violation on the checkout page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations
from tests.browser.merchant import Merchant

from .elements import BACK, PAY, pay_by_form

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"]),
]


def test_checkout_page_has_no_axe_violations_in_any_state(
    page: Page, videodb_mock: AccountMock, merchant: Merchant
) -> None:
    found: dict[str, list[str]] = {}
    session = videodb_mock.create(amount=50, **merchant.redirects)
    plan = videodb_mock.create(mode="subscription", plan_id="plan-basic")
    late = videodb_mock.create(amount=50, **merchant.redirects)
    videodb_mock.control("POST", f"/sessions/{late['id']}/expire", body={})

    page.goto(session["url"])
    found["pending"] = axe_violations(page, turn=len(found))
    page.get_by_role("button", name=PAY).click()
    expect(page.get_by_role("alert")).to_be_visible()
    found["mistakes"] = axe_violations(page, turn=len(found))
    page.set_viewport_size({"width": 390, "height": 800})
    for fold in ("Order summary", "All test cards"):
        page.get_by_text(fold).click()
    found["unfolded"] = axe_violations(page, turn=len(found))
    page.get_by_test_id("fill-4242424242424242").click()
    found["filled in"] = axe_violations(page, turn=len(found))
    page.get_by_test_id("pay-with-4000000000009995").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found["declined"] = axe_violations(page, turn=len(found))
    page.get_by_test_id("pay-with-4000002500003155").click()
    expect(page.get_by_role("button", name="Complete")).to_be_visible()
    found["confirming"] = axe_violations(page, turn=len(found))
    page.goto("about:blank")  # the open page would notice, and reload
    videodb_mock.pay(session)
    page.goto(session["url"])
    found["completed"] = axe_violations(page, turn=len(found))

    page.goto(plan["url"])
    page.get_by_role("button", name=BACK).click()
    expect(page.get_by_role("status")).to_be_visible()
    found["turned back"] = axe_violations(page, turn=len(found))
    pay_by_form(page)
    expect(page.get_by_role("status")).to_contain_text("Paid.")
    found["receipt"] = axe_violations(page, turn=len(found))

    page.goto(late["url"])
    found["expired"] = axe_violations(page, turn=len(found))
    page.goto(f"{videodb_mock.url}/c/pay/none")
    found["unknown"] = axe_violations(page, turn=len(found))
    assert found == {state: [] for state in found}
