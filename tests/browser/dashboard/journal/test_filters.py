"""The filters of the journal on the dashboard, by kind and by operation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import send_request
from tests.matrix import long_but

pytestmark = pytest.mark.browser

CHECKOUT = "/billing/checkout"


KINDS = {
    "with violations": "400POST/billing/checkout",
    "with planned faults": "200GET/billing/usage",
    "with notes": "200POST/billing/checkout",
}


def send_each_kind(mock: AccountMock) -> None:
    """Send a good order, one with a violation, one with a misspelt member, and a request that a fault strikes."""
    send_request(mock, CHECKOUT, json={"amount": 5})
    send_request(mock, CHECKOUT, json={"amount": "5"})
    send_request(mock, CHECKOUT, json={"amount": 5, "sucess_url": "https://shop.example"})
    mock.control("POST", "/faults", body={"match": {"path": "/billing/usage"}, "delay": 0.01})
    send_request(mock, "/billing/usage")


@pytest.mark.parametrize(("kind", "shown"), long_but(("with violations", KINDS["with violations"]), of=KINDS.items()))
def test_kind_of_exchanges_is_chosen_at_once_and_live(
    dashboard: Page, mock: AccountMock, kind: str, shown: str
) -> None:
    send_each_kind(mock)
    expect(dashboard.locator(".exchange")).to_have_count(4)
    dashboard.get_by_label("Kind", exact=True).select_option(kind)
    expect(dashboard.locator(".exchange")).to_contain_text([shown])

    send_each_kind(mock)
    expect(dashboard.locator(".exchange")).to_contain_text([shown, shown])
    dashboard.get_by_role("button", name="Show all").click()
    expect(dashboard.locator(".exchange")).to_have_count(8)
    expect(dashboard.get_by_role("button", name="Show all")).to_be_hidden()
    expect(dashboard.get_by_label("Kind", exact=True)).to_be_focused()


def test_operation_is_chosen_from_those_of_the_contract(dashboard: Page, mock: AccountMock) -> None:
    send_each_kind(mock)
    field = dashboard.get_by_label("Operation", exact=True)
    field.focus()
    options = dashboard.locator("#journal-operations option")
    expect(options.first).to_be_attached()
    names = options.evaluate_all("options => options.map((option) => option.value)")
    assert {"POST /billing/checkout", "GET /billing/usage"} <= set(names)
    field.fill("GET /billing/usage")
    dashboard.keyboard.press("Enter")
    expect(dashboard.locator(".exchange .path")).to_have_text(["/billing/usage"])

    send_request(mock, "/billing/usage/")
    send_request(mock, CHECKOUT, json={"amount": 5})
    expect(dashboard.locator(".exchange .path")).to_have_text(["/billing/usage/", "/billing/usage"])


def test_unknown_operation_is_refused_with_the_nearest_one(dashboard: Page) -> None:
    dashboard.get_by_label("Operation", exact=True).fill("GET /billing/usages")
    dashboard.get_by_role("button", name="Filter").click()
    expect(dashboard.locator("#journal-error")).to_contain_text("did you mean GET /billing/usage?")


def test_exchange_leads_to_the_others_of_its_operation(dashboard: Page, mock: AccountMock) -> None:
    send_each_kind(mock)
    row = dashboard.locator("#exchange-list > li").last
    row.locator(".exchange").click()
    row.get_by_role("button", name="Only POST /billing/checkout").click()
    expect(dashboard.locator(".exchange .path")).to_have_text([CHECKOUT] * 3)
    expect(dashboard.get_by_label("Operation", exact=True)).to_have_value("POST /billing/checkout")


def test_number_of_violations_leads_to_them(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, CHECKOUT, json={"amount": "5", "mode": "gift"})
    row = dashboard.locator("#exchange-list > li")
    tag = row.get_by_role("button", name="2 violations of the contract")
    tag.focus()
    dashboard.keyboard.press("Enter")

    violations = row.get_by_role("list", name="Violations of Request")
    expect(violations).to_be_focused()
    expect(violations).to_be_in_viewport()
    expect(violations).to_contain_text("/mode")
    expect(row.locator(".exchange")).to_have_attribute("aria-expanded", "true")
    tag.click()
    expect(violations).to_be_focused()


def test_near_misses_are_shown_without_opening_the_exchange(dashboard: Page, mock: AccountMock) -> None:
    names = ("sucess_url", "cancel_ulr", "amout")
    send_request(mock, CHECKOUT, json={"amount": 5, **dict.fromkeys(names, "x")})
    row = dashboard.locator("#exchange-list > li")
    expect(row.locator(".notes .near")).to_have_count(2)
    expect(row.locator(".notes")).to_contain_text("is not known;")
    expect(row.locator(".notes")).to_contain_text("and 1 more note")
    row.locator(".exchange").click()

    for known in ("success_url?", "cancel_url?", "amount?"):
        expect(row.locator(".detail .near")).to_contain_text(f"is not known; {known}")


def test_filter_is_in_the_address_and_comes_back_with_it(dashboard: Page, mock: AccountMock) -> None:
    send_each_kind(mock)
    expect(dashboard.locator(".exchange")).to_have_count(4)
    dashboard.get_by_label("Kind", exact=True).select_option("with violations")
    dashboard.get_by_label("Path, *").first.fill("/billing/check*")
    dashboard.keyboard.press("Enter")
    expect(dashboard.locator(".exchange")).to_have_count(1)
    expect(dashboard).to_have_url(f"{mock.url}/_mock/?violations=true&path=%2Fbilling%2Fcheck*")

    dashboard.reload()
    expect(dashboard.locator(".exchange")).to_contain_text(["400POST/billing/checkout"])
    expect(dashboard.get_by_label("Kind", exact=True)).to_have_value("violations")
    expect(dashboard.get_by_label("Path, *").first).to_have_value("/billing/check*")
    dashboard.get_by_role("button", name="Show all").click()
    expect(dashboard).to_have_url(f"{mock.url}/_mock/")


def test_step_back_shows_the_filter_of_its_address(dashboard: Page, mock: AccountMock) -> None:
    send_each_kind(mock)
    dashboard.get_by_label("Kind", exact=True).select_option("with notes")
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.locator(".account").nth(1).click()
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_label("Kind", exact=True).select_option("with violations")
    expect(dashboard.locator(".exchange")).to_contain_text(["400POST/billing/checkout"])

    dashboard.go_back()
    expect(dashboard.get_by_label("Kind", exact=True)).to_have_value("notes")
    expect(dashboard.locator(".exchange")).to_contain_text(["200POST/billing/checkout"])


def test_violation_without_a_member_is_told_by_its_message_alone(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/checkouts?limit=many")
    row = dashboard.locator("#exchange-list > li")
    expect(row.locator(".first")).to_have_text('limit is "many"; an integer is needed')
    expect(row.locator(".first code")).to_have_count(0)
    row.locator(".exchange").click()
    expect(row.locator(".violations li")).to_contain_text('limit is "many"')
    expect(row.locator(".violations")).not_to_contain_text("the whole")


def test_address_that_leaves_out_violations_selects_no_kind(dashboard: Page, mock: AccountMock) -> None:
    dashboard.goto(f"{mock.url}/_mock/?violations=false")
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    expect(dashboard.get_by_label("Kind", exact=True)).to_have_value("")
