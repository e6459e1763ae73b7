"""What nearly is an order of credits, and what only looks as if it were none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Order:
    """A body for the checkout, with what it is about.

    Where `is_judged` is not, the contract decides by its schema whether it is to be refused.
    """

    cause: str
    body: bytes
    media_type: str | None = _JSON
    status: int = 400
    # The claim of the page that decides it, where it is promised.
    claim: str = ""
    is_refused: bool = False
    # Refused by a limit of the parser, which not every right server has.
    by_limit: bool = False
    # A right server may take it or refuse it; what it may not is fall over.
    is_open: bool = False
    is_keyed: bool = True


def _of(cause: str, claim: str = "", **fields: Any) -> Order:
    return Order(cause, json.dumps(fields).encode(), claim=claim)


def _not(cause: str, body: bytes, media_type: str | None = _JSON, *, status: int = 400, claim: str = "") -> Order:
    return Order(cause, body, media_type, status, claim, is_refused=True)


def _limit(cause: str, body: bytes, media_type: str | None = _JSON, *, status: int = 400) -> Order:
    return Order(cause, body, media_type, status, by_limit=True)


_TYPE: Final = "amount-nothing-but-a-number"
_WHOLE: Final = "amount-whole-dollars"
_MODE: Final = "mode-is-payment-or-subscription"
_REDIRECT: Final = "an unusable redirect"
_SYNTAX: Final = "broken JSON"

ORDERS: Final = (
    _of("amount as text", _TYPE, amount="1"),
    _of("amount null", _TYPE, amount=None),
    _of("amount true", _TYPE, amount=True),
    _of("amount a list", _TYPE, amount=[1]),
    _of("a fraction", _WHOLE, amount=0.5),
    _of("nearly whole", _WHOLE, amount=10.001),
    _of("nearly whole", _WHOLE, amount=49.999),
    _of("zero", _WHOLE, amount=0),
    _of("a negative amount", _WHOLE, amount=-1),
    _of("an amount over the limit", amount=1_000_000),
    _of("no order at all", "checkout-buys-credits"),
    _of("mode in another case", _MODE, mode="Payment", amount=1),
    _of("an unknown mode", _MODE, mode="setup", amount=1),
    _of("a subscription without a plan", mode="subscription"),
    _of("an empty plan_id", mode="subscription", plan_id=""),
    *(
        _of("a plan with a bad amount", mode="subscription", plan_id="plan-basic", amount=amount)
        for amount in (-1, 1.5, "5")
    ),
    _of("plan_id a number", "plan-id-is-text", plan_id=1, amount=1),
    _of(_REDIRECT, amount=1, success_url="javascript:alert(1)"),
    _of(_REDIRECT, amount=1, success_url="https://shop.example/\r\nset-cookie: a=b"),
    _of(_REDIRECT, amount=1, cancel_url="/cart"),
    _of(_REDIRECT, amount=1, success_url=None),
    _of("a redirect without a host", amount=1, success_url="https:///thanks"),
    _of("a redirect without a host", amount=1, cancel_url="http:cart"),
    _of("a redirect with a space", amount=1, success_url="https://shop.example/thank you"),
    _of("a redirect in other letters", amount=1, cancel_url="https://shop.example/zurück"),
    _of(_REDIRECT, amount=1, successUrl="shop", cancelUrl=7),
    _not(_SYNTAX, b'{"amount": 1'),
    _not(_SYNTAX, b'{"amount": 1,}'),
    _not(_SYNTAX, b'{"amount": 1}{"amount": 1}'),
    _of("a whole number as 50.0", amount=50.0),
    Order("a whole number as 1e2", b'{"amount": 1e2}'),
    _of("one dollar", amount=1),
    _of("the largest amount", amount=999_999),
    _of("a plan without an amount", mode="subscription", plan_id="plan-basic"),
    _of("an unknown plan", mode="subscription", plan_id="plan-of-nobody"),
    Order("a plan in other letters", '{"mode": "subscription", "plan_id": "plan-ü-日本-🎬"}'.encode()),
    _of("a very long plan", mode="subscription", plan_id="p" + "x" * 5_000),
    _of("a long plan", mode="subscription", plan_id="p" * 500),
    _of("a redirect with everything", amount=1, success_url="https://user@shop.example:8443/a/b?c=d&e=%20#f"),
    _of("a long redirect", amount=1, success_url="https://shop.example/" + "a/b" * 120),
    _of("a redirect to this machine", amount=1, cancel_url="http://localhost:3000/cart"),
    Order("a body with much space", b' \r\n\t{ "amount" : 1 }\r\n '),
    *(
        Order(f"{size} kB of order", b'{"amount": 1, "note": "' + b"x" * size * 1_000 + b'"}', is_open=True)
        for size in (70, 300)
    ),
    Order("a list", b'[{"amount": 1}]', claim="body-is-an-object"),
    _not("no body", b"", claim="body-is-required"),
    *(
        Order("without a key", body, status=401, is_refused=True, is_keyed=False, claim="key-is-required")
        for body in (b'{"amount": 1}', b'{"amount": "x"}', b"{", b"")
    ),
    _not("not UTF-8", b'{"amount": 1, "plan_id": "\xff\xfe"}'),
    _not("NaN", b'{"amount": NaN}'),
    _not("Infinity", b'{"amount": Infinity}'),
    _not("plain text", b'{"amount": 1}', "text/plain", status=415, claim="body-is-json"),
    _not("a form", b"amount=1", "application/x-www-form-urlencoded", status=415, claim="body-is-json"),
    _limit("no content type", b'{"amount": 1}', None, status=415),
    _limit("NaN beside the order", b'{"amount": 1, "note": NaN}'),
    _limit("a number too large", b'{"amount": 1, "note": 1e400}'),
    _limit("duplicate keys", b'{"amount": 2, "amount": 1}'),
    _limit("a lone surrogate", b'{"amount": 1, "note": "\\ud800"}'),
    _limit("deep nesting", b'{"amount": 1, "note": ' + b"[" * 70 + b"]" * 70 + b"}"),
    _limit("very deep nesting", b'{"amount": 1, "note": ' + b"[" * 9_000 + b"]" * 9_000 + b"}"),
    _limit("deep objects", b'{"amount": 1, "note": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001),
    _limit("a large body", b'{"amount": 1, "note": "' + b"x" * (3 << 20) + b'"}', status=413),
    _limit("a large body", b'{"amount": 1, "note": "' + b"x" * (1 << 20) + b'"}', status=413),
)
