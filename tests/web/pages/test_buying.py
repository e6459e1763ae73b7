"""Buyers: their test cards of one click, and what is remembered of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver.domain.payment.card_table import DEFAULT_CARD, TEST_CARDS
from tests.web.conftest import Start
from tests.web.mock_client import KEY, OTHER, Mock
from tests.web.pages.checkout_forms import SHOP, TYPED, Form, post, post_raw

SAMPLES = {"email": "buyer@example.com", "name": "Test Buyer", "expiry": "12 / 34", "postal": "12345"}


def test_each_test_card_is_a_click_away(mock: Mock) -> None:
    page = mock.get(f"/c/pay/{mock.create()}").text
    for button in ("fill", "pay_with"):
        assert set(re.findall(rf'<button form="pay" name="{button}" value="([0-9]+)"', page)) == set(TEST_CARDS)


def test_click_on_a_card_fills_in_the_form_and_pays_nothing(mock: Mock) -> None:
    name = mock.create()
    page = post_raw(mock, name, fill="378282246310005", email="", name="", postal="", country="US")
    assert page.status_code == 200
    filled = {**SAMPLES, "card": "3782 822463 10005", "cvc": "1234", "country": "US"}
    assert Form(page).values.items() >= filled.items()
    assert mock.session(name)["attempts"] == []
    assert mock.get(f"/c/pay/{name}?card=378282246310005").text.count("3782 822463 10005") == page.text.count(
        "3782 822463 10005"
    )


def test_filled_in_card_keeps_the_buyer(mock: Mock) -> None:
    kept = Form(post(mock, mock.create(), fill=DEFAULT_CARD, card="", expiry="", cvc="")).values
    assert kept.items() >= TYPED.items()


def test_opened_page_never_pays(mock: Mock) -> None:
    name = mock.create()
    for query in ("card=4242424242424242", "pay_with=4242424242424242", "action=pay", "paid", "fill=x", "card=%00"):
        assert mock.get(f"/c/pay/{name}?{query}").status_code == 200
    assert mock.session(name)["status"] == "pending"


def test_card_with_its_own_button_pays_at_once(mock: Mock) -> None:
    name, declined = mock.create(amount=5, **SHOP), mock.create()
    empty = dict.fromkeys(TYPED, "")
    assert post(mock, name, **{**empty, "country": "US"}, pay_with=DEFAULT_CARD).status_code == 303
    assert mock.session(name)["email"] == "buyer@example.com"
    page = post(mock, declined, pay_with="4000000000009995", card="", email=TYPED["email"])
    assert page.status_code == 402
    assert mock.session(declined)["email"] == TYPED["email"]


@pytest.mark.parametrize("button", ["fill", "pay_with"])
@pytest.mark.parametrize("number", ["", "4111111111111111", "x"])
def test_button_without_a_test_card_is_refused(mock: Mock, button: str, number: str) -> None:
    name = mock.create()
    page = post(mock, name, **{button: number})
    assert page.status_code == 400
    assert "names no test card" in page.text
    assert mock.session(name)["attempts"] == []


def test_buyer_is_kept_with_the_session(mock: Mock) -> None:
    name = mock.create()
    post(mock, name, card="4000000000000002")
    session = mock.session(name)
    assert {field: session[field] for field in ("email", "buyer_name", "country", "postal_code")} == {
        "email": TYPED["email"],
        "buyer_name": TYPED["name"],
        "country": "US",
        "postal_code": TYPED["postal"],
    }
    reopened = Form(mock.get(f"/c/pay/{name}")).values
    assert (reopened["email"], reopened["name"], reopened["card"]) == (TYPED["email"], TYPED["name"], "")


def test_email_of_the_latest_buyer_is_filled_in_for_the_account(mock: Mock) -> None:
    post(mock, mock.create(), card="4000000000000002")
    post(mock, mock.create(), email="bo@shop.example")
    assert Form(mock.get(f"/c/pay/{mock.create()}")).values.items() >= {"email": "bo@shop.example", "name": ""}.items()
    assert Form(mock.get(f"/c/pay/{mock.create(key=OTHER)}")).values["email"] == ""
    assert mock.billing("GET", "usage").json()["data"]["email"] == "bo@shop.example"
    mock.pay(mock.create())
    invoices = mock.get("/_mock/invoices", params={"key": KEY}).json()["invoices"]
    assert [each["email"] for each in invoices] == ["bo@shop.example"] * 2


def test_account_is_named_by_the_hint_of_its_key(mock: Mock) -> None:
    page = f"/c/pay/{mock.create(key='sk-secret-key-of-demo')}"
    assert '<code data-testid="account">sk-…demo</code>' in mock.get(page).text
    mock.post("/_mock/accounts", {"key": "sk-secret-key-of-demo", "name": "<Team>"})
    assert '<code data-testid="account">&lt;Team&gt; (sk-…demo)</code>' in mock.get(page).text
    assert "secret" not in mock.get(page).text


def test_buyer_may_leave_the_check_of_the_bank(mock: Mock) -> None:
    name = mock.create()
    asked = Form(post(mock, name, card="4000002500003155")).values
    page = mock.request("POST", f"/c/pay/{name}", data={**asked, "action": "return"})
    assert page.status_code == 200
    assert "nothing was paid" in page.text
    assert Form(page).values["card"] == "4000 0025 0000 3155"
    assert [attempt["outcome"] for attempt in mock.session(name)["attempts"]] == ["authentication_required"]


def test_page_with_its_script_shows_a_check_mark_before_it_leads_on(mock: Mock) -> None:
    name = mock.create(amount=5, **SHOP)
    answer = post(mock, name, script="on")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/pay/{name}?paid")
    page = mock.get(answer.headers["location"])
    assert re.findall(r'src="[^"]*/([a-z]+\.js)"', page.text) == ["onward.js"]
    assert "You are led back to shop.example" in page.text
    assert "<script" not in mock.get(f"/c/pay/{name}").text


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        ({"amount": 5, **SHOP}, "shop.example"),
        ({"amount": 5, "success_url": "http://www.shop.example:3000/"}, "shop.example"),
        ({"amount": 5, "cancel_url": "http://back.example"}, "back.example"),
        ({"amount": 5, "success_url": "https://xn--mnchen-3ya.example/"}, "münchen.example"),
        ({"amount": 5, "success_url": "https://xn--r8jz45g.example/"}, "xn--r8jz45g.example"),
        ({"amount": 5, "success_url": "https://xn--a.example/"}, "xn--a.example"),
        ({"amount": 5}, "Test merchant"),
    ],
)
def test_merchant_is_named_by_the_host_of_the_shop(mock: Mock, order: dict[str, Any], shown: str) -> None:
    page = mock.get(f"/c/pay/{mock.create(**order)}").text
    assert f'data-testid="merchant">{shown}</span>' in page
    assert f'<span class="initial" aria-hidden="true">{shown[0].upper()}</span>' in page


def test_merchant_has_the_name_of_the_setting(start: Start) -> None:
    mock = start(merchant_name="<Acme> & Co")
    page = mock.get(f"/c/pay/{mock.create(amount=5, **SHOP)}").text
    assert 'data-testid="merchant">&lt;Acme&gt; &amp; Co</span>' in page
    assert 'aria-hidden="true">A</span>' in page


@pytest.mark.parametrize(
    ("rate", "terms"),
    [
        ("2", "100 credits \u00d7 $0.50"),
        ("3", "150 credits \u00d7 $0.3333"),
        ("0.5", "25 credits \u00d7 $2.00"),
    ],
)
def test_unit_price_has_the_decimals_that_it_needs(start: Start, rate: str, terms: str) -> None:
    mock = start(credits_per_dollar=rate)
    assert f">{terms}</span>" in mock.get(f"/c/pay/{mock.create(amount=50)}").text


def test_subscription_is_paid_by_the_month(mock: Mock) -> None:
    page = mock.get(f"/c/pay/{mock.create(mode='subscription', plan_id='plan-basic')}").text
    for text in ("Subscribe to Test merchant", "US dollars per month", "20 credits every month", "Total due today"):
        assert text in page
    assert '<span class="label">Subscribe</span>' in page
