"""The symptoms of the defects of request acceptance."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import (
    SHOP,
    SYMPTOMS,
    accepts,
    crashes,
    reads,
    refuses,
    symptom,
)
from tests.web.mock_client import Mock


@symptom("amount-in-a-global")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import ordered_together

    ordered_together(mock, amounts=(5, 7))
    return sorted(row["amount"] for row in mock.listed()) != [5, 7]


SYMPTOMS.update(
    {
        "fractions-are-rounded": accepts({"amount": 10.5}),
        "zero-and-less-are-accepted": lambda mock: accepts({"amount": 0})(mock) and accepts({"amount": -5})(mock),
        "nothing-to-buy-is-accepted": accepts({}),
        "points-need-no-digits": reads(b'{"amount": 1.}'),
        "fractions-with-an-exponent": reads(b'{"amount": 1.5e0}'),
        "quoted-amount-is-accepted": accepts({"amount": "100"}),
        "true-is-an-amount": accepts({"amount": True}),
        "nan-is-an-amount": reads(b'{"amount": NaN}'),
        "whole-with-a-point-is-refused": refuses({"amount": 50.0}),
        "large-amounts-are-refused": refuses({"amount": 20_000}),
        "any-mode-is-accepted": accepts({"amount": 5, "mode": "gift"}),
        "mode-in-any-case": accepts({"amount": 5, "mode": "PAYMENT"}),
        "subscriptions-are-refused": refuses({"mode": "subscription", "plan_id": "plan-basic"}),
        "mode-is-required": refuses({"amount": 5}),
        "plan-as-a-number-is-accepted": accepts({"amount": 5, "plan_id": 7}),
        "unknown-fields-are-refused": refuses({"amount": 5, "colour": "green"}),
        "snake-case-redirects-are-ignored": lambda mock: mock.session(mock.create(**SHOP))["success_url"] is None,
        "camel-case-redirects-are-ignored": lambda mock: (
            mock.session(mock.create(amount=5, cancelUrl="https://shop.example/no"))["cancel_url"] is None
        ),
        "empty-body-is-accepted": reads(b""),
        "any-media-type-is-accepted": reads(b'{"amount": 5}', media_type="text/plain"),
        "forms-are-accepted": reads(b"amount=1", media_type="application/x-www-form-urlencoded"),
        "payments-have-another-name": refuses({"amount": 5, "mode": "payment"}),
        "list-is-accepted": accepts([{"amount": 5}]),
        "script-redirects-are-accepted": accepts({"amount": 5, "success_url": "javascript:alert(1)"}),
        "last-duplicate-counts": reads(b'{"amount": 5, "amount": 6}'),
        "false-is-no-amount": accepts({"mode": "subscription", "plan_id": "plan-basic", "amount": False}),
        "classes-by-name-crash": crashes({"amount": 5, "json_class": "Order"}),
        "long-redirects-crash": crashes({"amount": 5, "success_url": "https://shop.example/" + "a" * 2_100}),
        "modes-by-a-line": accepts({"amount": 5, "mode": "payment\nsetup"}),
        "spaces-in-names-do-not-count": accepts({" amount": 5}),
        "modes-by-their-beginning": accepts({"amount": 5, "plan_id": "plan-basic", "mode": "sub"}),
        "nearly-whole-is-whole": accepts({"amount": 5.0000001}),
        "minus-zero-is-accepted": reads(b'{"amount": -0.0}'),
        "a-third-mode-is-taken": accepts({"amount": 5, "mode": "setup"}),
        "true-is-a-mode": accepts({"amount": 5, "mode": True}),
        "nested-members-are-refused": refuses({"amount": 5, "a": {"b": {"c": [[[1]]]}}}),
        "queries-are-orders": lambda mock: mock.billing("POST", "checkout", params={"amount": 5}).status_code == 200,
        "grouped-digits-are-an-amount": accepts({"amount": "1,000"}),
    }
)


@symptom("names-with-dots-are-refused")
def _(mock: Mock) -> bool:
    return [mock.checkout({"amount": 5, name: 1}).status_code for name in ("a.b", "ab")] == [400, 200]


@symptom("short-keys-are-refused")
def _(mock: Mock) -> bool:
    return [mock.checkout({"amount": 5}, key=key).status_code for key in ("sk-1", "sk-12345")] == [401, 200]


@symptom("amounts-of-32-bits")
def _(mock: Mock) -> bool:
    answer = mock.checkout({"amount": (1 << 32) + 7})
    return answer.status_code == 200 and mock.listed()[0]["amount"] == 7
