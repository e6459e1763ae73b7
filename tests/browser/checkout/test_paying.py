"""Paying on the checkout page: the click, the cards, and their effect on shop and account."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.matrix import thinned

from .elements import PAY, pay_by_form, type_form

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", [False, True], indirect=True, ids=["without JavaScript", "with JavaScript"])
def test_click_pays_and_leads_to_the_success_url_with_the_session_id(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(session["url"])
    type_form(page)
    page.get_by_role("button", name="Pay $50.00").click()

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    assert merchant.visits == [f"/thanks?session={session['id']}"]
    assert videodb_mock.sessions[0]["status"] == "completed"
    assert videodb_mock.balance == 50


def test_page_shows_purchase_and_price_and_says_that_no_money_moves(page: Page, videodb_mock: AccountMock) -> None:
    answer = page.goto(videodb_mock.create(amount=1250)["url"])

    assert answer is not None
    assert answer.status == 200
    expect(page).to_have_title("1,250 credits · mock checkout")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay Test merchant")
    expect(page.get_by_test_id("line-item")).to_contain_text("1,250 credits")
    expect(page.get_by_text("$1,250.00 US dollars")).to_be_visible()
    expect(page.get_by_text("no money moves")).to_be_visible()


def test_plan_is_sold_at_its_price(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(mode="subscription", plan_id="plan-basic", **merchant.redirects)

    page.goto(session["url"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscribe to 127.0.0.1")
    expect(page.get_by_test_id("price")).to_have_text("$20.00 US dollars per month")
    type_form(page)
    page.get_by_role("button", name="Subscribe").click()

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    assert videodb_mock.balance == 20


def test_receipt_without_success_url_can_be_reloaded_without_paying_again(
    page: Page, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50)

    page.goto(session["url"])
    pay_by_form(page)
    _expect_receipt(page, session["id"])
    page.reload()

    _expect_receipt(page, session["id"])
    assert videodb_mock.balance == 50


DECLINES = {
    "4000000000000002": "declined",
    "4000000000009995": "insufficient funds",
    "4000000000009987": "reported lost",
    "4000000000009979": "reported stolen",
    "4000000000000069": "expired",
    "4000000000000127": "security code",
    "4000000000000119": "error occurred while processing",
    "4242424242424241": "number is incorrect",
    "4012888888881881": "test cards only",
}


def test_declined_cards_show_their_reason_and_another_card_pays(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(session["url"])
    declines = dict(thinned(DECLINES.items(), step=3))
    for card, says in declines.items():
        pay_by_form(page, card=card)
        expect(page.get_by_role("alert")).to_contain_text(says)
    assert (videodb_mock.sessions[0]["status"], videodb_mock.balance, merchant.visits) == ("pending", 0, [])

    pay_by_form(page, card="4242 4242 4242 4242")

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    assert [attempt["card_last4"] for attempt in videodb_mock.sessions[0]["attempts"]] == [
        *(card[-4:] for card in declines),
        "4242",
    ]
    assert videodb_mock.balance == 50


@pytest.mark.parametrize("page", [False, True], indirect=True, ids=["without JavaScript", "with JavaScript"])
def test_test_card_pays_with_one_click(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    page.get_by_label("E-mail").fill("buyer@shop.example")
    page.get_by_role("button", name="Pay with 4000 0000 0000 9979, stolen card").click()
    expect(page.get_by_role("alert")).to_contain_text("reported stolen")
    expect(page.get_by_label("E-mail")).to_have_value("buyer@shop.example")
    page.get_by_role("button", name="Pay with 4000 0025 0000 3155").click()
    page.get_by_role("button", name="Complete").click()

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    outcomes = [attempt["outcome"] for attempt in videodb_mock.sessions[0]["attempts"]]
    assert outcomes == ["stolen_card", "authentication_required", "paid"]


def test_invalid_card_number_is_refused_and_kept(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=50)["url"])
    pay_by_form(page, card="my card <b>")

    expect(page.get_by_role("alert")).to_contain_text("digits only")
    expect(page.get_by_label("Card number")).to_have_value("my card <b>")
    assert videodb_mock.sessions[0]["attempts"] == []


def test_confirmed_3d_secure_payment_is_paid(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = _asked_to_confirm(page, merchant, videodb_mock, card="4000002500003155")

    page.get_by_role("button", name="Complete").click()

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session}")
    assert videodb_mock.balance == 50


def test_refused_3d_secure_payment_is_declined_and_can_be_retried(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    session = _asked_to_confirm(page, merchant, videodb_mock, card="4000002760003184")

    page.get_by_role("button", name="Fail").click()
    expect(page.get_by_role("alert")).to_contain_text("declined")
    assert videodb_mock.sessions[0]["status"] == "pending"
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session}")
    assert videodb_mock.balance == 50


def test_confirmed_3d_secure_payment_can_still_be_declined(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    _asked_to_confirm(page, merchant, videodb_mock, card="4000008400001629")

    page.get_by_role("button", name="Complete").click()

    expect(page.get_by_role("alert")).to_contain_text("declined")
    assert (videodb_mock.sessions[0]["status"], videodb_mock.balance) == ("pending", 0)


def test_second_tab_shows_the_receipt(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(session["url"])

    pay_by_form(page)
    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")
    with other.expect_response(session["url"]) as answer:
        pay_by_form(other)

    assert answer.value.status == 409
    expect(other.get_by_role("alert")).to_contain_text("paid already")
    expect(other.get_by_role("alert")).to_be_focused()
    _expect_receipt(other, session["id"])
    assert videodb_mock.balance == 50


def test_two_tabs_that_pay_at_once_pay_once(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)
    tabs = (page, page.context.new_page())
    for tab in tabs:
        tab.goto(session["url"])
    # both are on their way before either is answered
    videodb_mock.fail_next(method="POST", path="/c/pay/*", times=2, delay=0.5)

    for tab in tabs:
        type_form(tab)
        tab.get_by_role("button", name=PAY).click(no_wait_after=True)

    for tab in tabs:
        expect(tab.get_by_text("The shop").or_(tab.get_by_text("Paid."))).to_be_visible()
    assert sorted(exchange["status"] or 0 for exchange in videodb_mock.requests if exchange["fault"]) == [303, 409]
    assert [attempt["outcome"] for attempt in videodb_mock.sessions[0]["attempts"]] == ["paid"]
    assert videodb_mock.balance == 50


def test_double_click_pays_once(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(session["url"])
    type_form(page)
    page.get_by_role("button", name=PAY).dblclick(no_wait_after=True)

    # Chromium drops the first answer if the second click comes in time: the buyer sees the shop or the receipt
    expect(page.get_by_text("The shop").or_(page.get_by_text("Paid."))).to_be_visible()
    assert [attempt["outcome"] for attempt in videodb_mock.sessions[0]["attempts"]] == ["paid"]
    assert videodb_mock.balance == 50


def test_older_page_address_can_be_paid(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(f"{videodb_mock.url}/pay/{session['id']}")
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")


def test_page_can_be_paid_as_localhost(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, **merchant.redirects)

    page.goto(session["url"].replace("127.0.0.1", "localhost"))
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.url}/thanks?session={session['id']}")


def test_success_url_may_have_a_container_name(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, success_url=f"{merchant.other_url}/thanks")

    page.goto(session["url"])
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.other_url}/thanks")


def test_success_url_may_redirect_to_another_site(page: Page, merchant: Merchant, videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50, success_url=f"{merchant.url}/moved")

    page.goto(session["url"])
    pay_by_form(page)

    expect(page).to_have_url(f"{merchant.other_url}/thanks")
    assert merchant.visits == ["/moved", "/thanks"]


def test_words_3_d_secure_stay_on_one_line_at_the_bank(
    page: Page, merchant: Merchant, videodb_mock: AccountMock
) -> None:
    _asked_to_confirm(page, merchant, videodb_mock, card="4000002500003155")
    words = page.locator(".bank .whole")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert [word.evaluate("it => it.getClientRects().length") for word in words.all()] == [1, 1]


def test_one_credit_is_singular(page: Page, videodb_mock: AccountMock) -> None:
    page.goto(videodb_mock.create(amount=1)["url"])

    expect(page.get_by_test_id("line-terms")).to_have_text("1 credit \u00d7 $1.00")


def _asked_to_confirm(page: Page, merchant: Merchant, mock: AccountMock, *, card: str) -> str:
    """The id of a session for which the bank asks whether this payment is right."""
    session = mock.create(amount=50, **merchant.redirects)
    page.goto(session["url"])
    pay_by_form(page, card=card)
    expect(page.get_by_role("status")).to_contain_text("confirm this payment")
    assert (mock.sessions[0]["status"], mock.balance) == ("pending", 0)
    return str(session["id"])


def _expect_receipt(page: Page, session_id: str) -> None:
    expect(page.get_by_role("status")).to_contain_text("Paid.")
    expect(page.get_by_text(session_id)).to_be_visible()
    expect(page.get_by_text("•••• 4242")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
