"""A right server may refuse or accept some orders, though the contract says otherwise."""

from __future__ import annotations

import json

import pytest
from mockserver_contracts.fuzz.open_questions import asks_for_a_page, may_be_accepted, may_be_refused


def order(**members: object) -> bytes:
    return json.dumps({"amount": 1, **members}).encode()


@pytest.mark.parametrize(
    "body",
    [
        order(amount=2_000_000),
        order(amount=10**15),
        order(plan_id="plan-of-nobody"),
        order(success_url="http://localhost:3000/ok"),
        order(cancelUrl="https://user@shop.example/"),
        order(cancel_url="https://shop.example:8443/"),
    ],
)
def test_unusual_order_may_be_refused(body: bytes) -> None:
    assert may_be_refused(body, least=1)


@pytest.mark.parametrize(
    "body",
    [
        order(),
        order(plan_id="plan-basic"),
        order(success_url="https://shop.example/ok?a=b#c"),
        b"{",
        b"[]",
        b"[" * 9_999,
    ],
)
def test_usual_order_may_not(body: bytes) -> None:
    assert not may_be_refused(body, least=1)


@pytest.mark.parametrize(
    ("name", "keyword", "value", "is_open"),
    [
        ("cancel_url", "pattern", "https://shop.example/zurück", True),
        ("cancel_url", "type", None, True),
        ("plan_id", "type", None, True),
        ("amount", "type", None, False),
        ("amount", "maximum", 1_000_000, True),
        ("amount", "multipleOf", 1.5, False),
        ("amount", "minimum", -1, False),
        ("enabled", "type", None, True),
        ("enabled", "type", "true", False),
        ("currency", "type", None, True),
        ("currency", "enum", "EUR", True),
        ("currency", "enum", "", False),
        ("plan_id", "type", 7, False),
        ("success_url", "pattern", "javascript:alert(1)", False),
        ("success_url", "pattern", "https://shop.example/\r\nx: y", False),
        ("success_url", "pattern", "https:///thanks", False),
        ("success_url", "pattern", "https://[::1/", False),
        ("success_url", "pattern", "https://shop.example:99999/", False),
    ],
)
def test_web_address_in_any_characters_and_null_may_be_accepted(
    name: str, keyword: str, value: object, is_open: bool
) -> None:
    assert may_be_accepted(f"/{name}", keyword, order(**{name: value})) is is_open


def test_spelling_of_a_redirect_that_does_not_count_may_be_anything() -> None:
    assert may_be_accepted("/successUrl", "type", order(successUrl=7, success_url="https://shop.example"))
    assert not may_be_accepted("/successUrl", "type", order(successUrl=7, success_url=8))
    assert not may_be_accepted("/successUrl", "type", order(successUrl=7, cancel_url="https://shop.example"))


def test_plan_may_be_ordered_without_its_mode() -> None:
    assert may_be_accepted("", "required", b'{"plan_id": "plan-basic"}')
    assert not may_be_accepted("", "required", b'{"plan_id": 7}')
    assert not may_be_accepted("", "required", b'{"email": "buyer@shop.example"}')


def test_amount_of_auto_recharge_may_be_null_beside_another_setting() -> None:
    assert may_be_accepted("/amount", "type", b'{"threshold": 5, "amount": null}')
    assert not may_be_accepted("/amount", "type", b'{"currency": "usd", "amount": null}')


@pytest.mark.parametrize(
    ("target", "may_be"),
    [
        ("/billing/checkouts?limit=5", True),
        ("/billing/checkouts?offset=2&limit=11", True),
        ("/billing/checkouts?offset=100", True),
        ("/billing/checkouts?page=2", False),
        ("/billing/checkouts", False),
    ],
)
def test_page_that_is_asked_for_may_be_refused(target: str, may_be: bool) -> None:
    assert asks_for_a_page(target) is may_be
