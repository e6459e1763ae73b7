from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import HERE, KEY, OTHER, Mock, found_id, pointers, refused

UNUSABLE: list[object] = [
    "javascript:alert(1)",
    "data:text/html,x",
    "//a.example/",
    "/path",
    "a.example",
    "http://",
    "https:///path",
    "http://a.example/\r\nx: y",
    "http://a.example/ b",
    "http://a.example/é",
    "http://é.example/",
    "http://a.example/\x00",
    "\thttp://a.example/",
    "http://a.example\n",
    "http://a b.example/",
    "http://a.example:port/",
    "ftp://a.example/",
    "http:/a.example",
    "http:\\\\a.example",
    "",
    None,
    5,
    True,
    [],
    {},
]
USABLE = [
    "https://a.example",
    "HTTP://A.example/",
    "http://localhost:3000/billing/success?a=b&c=%20#d",
    "http://127.0.0.1/",
    "http://[::1]:3000/",
    "https://user:pass@a.example/",
    "https://a.example/?s={CHECKOUT_SESSION_ID}",
    "https://a.example/<'\">",
]
REDIRECTS = ["success_url", "successUrl", "cancel_url", "cancelUrl"]


@pytest.mark.parametrize("body", [{"amount": 50}, {"amount": 50, "mode": "payment"}])
def test_page_profile_answers_the_fields_of_every_voice(mock: Mock, body: dict[str, Any]) -> None:
    answer = mock.checkout(body)
    name = found_id(answer.text)
    url = f"{HERE}/c/pay/{name}"
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "success": True,
        "data": {"url": url, "id": name, "checkout_url": url, "expires_at": "2030-01-16T12:00:00.000Z"},
        "id": name,
        "checkout_url": url,
        "checkoutUrl": url,
    }


@pytest.mark.parametrize(
    ("profile", "members"), [("python-sample", {"id", "checkout_url"}), ("javascript-sample", {"id", "checkoutUrl"})]
)
def test_sample_profile_answers_the_flat_body_of_its_sample(start: Start, profile: str, members: set[str]) -> None:
    mock = start(profile=profile)
    body = mock.checkout({"amount": 50}).json()
    assert set(body) == members
    assert body["id"] == found_id(mock.get("/_mock/sessions").text)
    (url,) = (value for name, value in body.items() if name != "id")
    assert mock.get(url.removeprefix(HERE)).status_code == 200


@pytest.mark.parametrize("profile", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
def test_session_ids_are_unique_and_every_url_opens(start: Start, profile: str) -> None:
    mock = start(profile=profile)
    names = [mock.create() for _ in range(20)]
    assert len(set(names)) == 20
    for name in names:
        assert mock.get(f"/c/pay/{name}").status_code == mock.get(f"/pay/{name}").status_code == 200


@pytest.mark.parametrize("base", ["https://checkout.stripe.com", "https://checkout.stripe.com/"])
def test_checkout_base_begins_every_url_but_does_not_move_the_page(start: Start, base: str) -> None:
    mock = start(checkout_base=base)
    answer = mock.checkout({"amount": 50}).json()
    name = answer["id"]
    assert answer["data"]["url"] == mock.session(name)["url"] == f"https://checkout.stripe.com/c/pay/{name}"
    assert mock.get(f"/c/pay/{name}").status_code == 200


@pytest.mark.parametrize("amount", [1, 50, 50.0, 999_999])
def test_whole_dollars_are_sold(mock: Mock, amount: float) -> None:
    name = mock.create(amount=amount)
    mock.pay(name)
    assert mock.balance() == mock.listed()[0]["amount"] == amount
    assert isinstance(mock.listed()[0]["amount"], int)


@pytest.mark.parametrize("amount", [0, -1, 10.5, 0.99, 1_000_000, 1e300, "50", True, None, [], {}])
def test_invalid_amount_is_refused_at_its_pointer_and_creates_nothing(mock: Mock, amount: object) -> None:
    assert pointers(refused(mock.checkout({"amount": amount}), 400, "invalid_request")) == {"/amount"}
    assert mock.listed() == []


@pytest.mark.parametrize("body", [{}, {"mode": "payment"}, {"plan_id": "plan-basic"}])
def test_payment_needs_an_amount(mock: Mock, body: dict[str, Any]) -> None:
    refused(mock.checkout(body), 400, "invalid_request")
    assert mock.listed() == []


@pytest.mark.parametrize("mode", ["gift", "", "Payment", "SUBSCRIPTION", None, 1, True, [], "payment\x00"])
def test_unknown_mode_is_refused(mock: Mock, mode: object) -> None:
    body = refused(mock.checkout({"amount": 5, "mode": mode, "plan_id": "plan-basic"}), 400, "invalid_request")
    assert "/mode" in pointers(body)


def test_refusal_names_every_violation_at_once(mock: Mock) -> None:
    body = {"amount": "50", "mode": "gift", "plan_id": 7, "success_url": "javascript:1", "cancelUrl": None}
    found = pointers(refused(mock.checkout(body), 400, "invalid_request"))
    assert found >= {"/amount", "/mode", "/plan_id", "/success_url", "/cancelUrl"}


@pytest.mark.parametrize("body", [[], [{"amount": 5}], "text", 5, None, True])
def test_non_object_body_is_refused(mock: Mock, body: object) -> None:
    headers = {"content-type": "application/json"}
    content = json.dumps(body)
    answer = mock.billing("POST", "checkout", content=content, headers=headers)
    assert pointers(refused(answer, 400, "invalid_request")) == {""}


@pytest.mark.parametrize("unknown", [{"currency": "eur"}, {"Amount": -1}, {"": 0}, {"a/~b": []}])
def test_unknown_fields_are_accepted(mock: Mock, unknown: dict[str, Any]) -> None:
    assert mock.checkout({"amount": 5, **unknown}).status_code == 200


@pytest.mark.parametrize("url", UNUSABLE)
@pytest.mark.parametrize("field", REDIRECTS)
def test_unusable_redirect_is_refused(mock: Mock, field: str, url: object) -> None:
    assert pointers(refused(mock.checkout({"amount": 5, field: url}), 400, "invalid_request")) == {f"/{field}"}
    assert mock.listed() == []


@pytest.mark.parametrize("url", USABLE)
@pytest.mark.parametrize("field", REDIRECTS)
def test_usable_redirect_is_stored(mock: Mock, field: str, url: str) -> None:
    session = mock.session(mock.create(amount=5, **{field: url}))
    assert session["success_url" if "success" in field else "cancel_url"] == url


def test_snake_case_spelling_wins_over_camel_case(mock: Mock) -> None:
    name = mock.create(
        amount=5,
        successUrl="https://camel.example/",
        success_url="https://snake.example/",
        cancel_url="https://snake.example/no",
        cancelUrl="https://camel.example/no",
    )
    session = mock.session(name)
    assert session["success_url"] == "https://snake.example/"
    assert session["cancel_url"] == "https://snake.example/no"


@pytest.mark.parametrize("plan_id", ["plan-basic", "plan-pro", "<b>", "a\x00b", "💥", "x" * 10_000, " "])
def test_subscription_has_the_basic_price_unless_its_plan_is_set(mock: Mock, plan_id: str) -> None:
    name = mock.create(mode="subscription", plan_id=plan_id)
    session = mock.session(name)
    assert session.items() >= {"mode": "subscription", "plan_id": plan_id, "amount": 20, "credits": 20}.items()
    assert mock.get(f"/c/pay/{name}").status_code == 200
    mock.pay(name)
    usage = mock.usage()
    assert (usage["plan_id"], usage["credit_balance"]) == (plan_id, 20)
    assert mock.listed()[0]["amount"] == 20


@pytest.mark.parametrize(
    "body", [{}, {"plan_id": ""}, {"plan_id": None}, {"plan_id": 5}, {"amount": 20}, {"plan_id": "", "amount": 20}]
)
def test_subscription_needs_a_plan(mock: Mock, body: dict[str, Any]) -> None:
    refused(mock.checkout({"mode": "subscription", **body}), 400, "invalid_request")
    assert mock.listed() == []


def test_subscription_amount_is_validated_but_not_used(mock: Mock) -> None:
    order = {"mode": "subscription", "plan_id": "plan-basic"}
    refused(mock.checkout({**order, "amount": 10.5}), 400, "invalid_request")
    assert mock.session(mock.create(**order, amount=999))["amount"] == 20


def test_plans_and_the_price_of_credits_are_settings(start: Start) -> None:
    mock = start(plans="plan-pro=99.50:1200,plan-basic=5:6", credits_per_dollar="2.5")
    pro = mock.session(mock.create(mode="subscription", plan_id="plan-pro"))
    assert (pro["amount"], pro["credits"]) == (99.5, 1200)
    other = mock.session(mock.create(mode="subscription", plan_id="plan-other"))
    assert (other["amount"], other["credits"]) == (5, 6)
    mock.pay(mock.create(amount=3))
    assert mock.balance() == 7.5


def test_accounts_are_isolated_in_the_api(mock: Mock) -> None:
    mine, theirs = mock.create(), mock.create(key=OTHER)
    mock.pay(mine)
    assert [session["id"] for session in mock.listed(key=KEY)] == [mine]
    assert [session["id"] for session in mock.listed(key=OTHER)] == [theirs]
    assert (mock.balance(), mock.balance(key=OTHER)) == (50, 0)
