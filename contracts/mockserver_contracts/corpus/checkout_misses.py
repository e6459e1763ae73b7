"""Near misses of the checkout: bodies that are nearly valid orders, or valid ones that look wrong."""

from __future__ import annotations

import json
from typing import Final

from mockserver_contracts.corpus.miss_body import MissBody, by_schema, limit, refused
from mockserver_contracts.corpus.odd_values import odd_orders

_TYPE: Final = "amount-nothing-but-a-number"
_WHOLE: Final = "amount-whole-dollars"
_MODE: Final = "mode-is-payment-or-subscription"
_REDIRECT: Final = "an unusable redirect"
_SYNTAX: Final = "broken JSON"
# Go's reader of JSON compares names without regard to case.
_CAPITALS: Final = ("Amount", "AMOUNT")
# Names that an order has at many servers, and not at VideoDB.
_OFTEN: Final = ("metadata", "customer", "email", "currency", "quantity", "items", "description", "locale", "coupon")
# By these names some readers of JSON make an object of a class.
_CLASSES: Final = ("json_class", "@type", "$type", "@class", "__class__", "__type")

CHECKOUT_BODIES: Final = (
    by_schema("amount as text", _TYPE, amount="1"),
    by_schema("amount null", _TYPE, amount=None),
    by_schema("amount true", _TYPE, amount=True),
    by_schema("a fraction", _WHOLE, amount=0.5),
    by_schema("zero", _WHOLE, amount=0),
    by_schema("a negative amount", _WHOLE, amount=-1),
    # The least number of 64 bits: its absolute value is none of them.
    by_schema("a negative amount", _WHOLE, amount=-(1 << 63)),
    # As a number of 32 bits it is 50; the amounts at the limit itself are Schemathesis's.
    by_schema("an amount over the limit", amount=4_294_967_346),
    by_schema("an amount over the limit", amount=10**19),
    by_schema("an amount by a name with a space", "checkout-buys-credits", **{" amount": 1, "amount ": 1}),
    *(by_schema("an amount by a name in capitals", "checkout-buys-credits", **{name: 1}) for name in _CAPITALS),
    by_schema("an order inside data", "checkout-buys-credits", data={"amount": 1}),
    by_schema("mode in another case", _MODE, mode="Payment", amount=1),
    # In some languages ^ and $ are the ends of a line, and not of a text.
    by_schema("a mode with a line behind it", _MODE, mode="payment\nsetup", amount=1),
    by_schema("a part of a mode", _MODE, mode="subscriptio", plan_id="plan-basic", amount=1),
    by_schema("a subscription without a plan", mode="subscription"),
    by_schema("a subscription without a plan", mode="subscription", amount=1),
    by_schema("an empty plan_id", mode="subscription", plan_id=""),
    *(
        by_schema("a plan with a bad amount", mode="subscription", plan_id="plan-basic", amount=amount)
        for amount in (-1, 1.5, "5", False)
    ),
    by_schema("plan_id a number", "plan-id-is-text", plan_id=1, amount=1),
    by_schema(_REDIRECT, amount=1, success_url="javascript:alert(1)"),
    by_schema(_REDIRECT, amount=1, success_url="https://shop.example/\r\nset-cookie: a=b"),
    by_schema(_REDIRECT, amount=1, success_url="data:text/html,thanks"),
    by_schema(_REDIRECT, amount=1, cancel_url="ftp://shop.example/cart"),
    by_schema(_REDIRECT, amount=1, cancel_url="/cart"),
    by_schema(_REDIRECT, amount=1, cancel_url="//shop.example/cart"),
    by_schema(_REDIRECT, amount=1, success_url=None),
    by_schema("a redirect without a host", amount=1, success_url="https:///thanks"),
    by_schema("a redirect without a host", amount=1, cancel_url="http:cart"),
    by_schema("a redirect with a space", amount=1, success_url="https://shop.example/thank you"),
    by_schema("a redirect in other letters", amount=1, cancel_url="https://shop.example/zurück"),
    by_schema(_REDIRECT, amount=1, successUrl="shop", cancelUrl="shop"),
    refused(_SYNTAX, b'{"amount": 1'),
    refused(_SYNTAX, b'{"amount": 1,}'),
    refused(_SYNTAX, b'{"amount": 1}{"amount": 1}'),
    refused(_SYNTAX, b"{'amount': 1}"),
    refused(_SYNTAX, b"{amount: 1}"),
    refused(_SYNTAX, b'{"amount": 1} // one'),
    refused(_SYNTAX, b'{"amount": 01}'),
    refused(_SYNTAX, b'{"amount": +1}'),
    refused(_SYNTAX, b'{"amount": 1.}'),
    refused(_SYNTAX, b'{"amount": 0x1}'),
    refused(_SYNTAX, b'{"amount": 1, "note": "a\x01b"}'),
    refused(_SYNTAX, b'{"amount": 1, "note": True}'),
    by_schema("a whole number as 50.0", amount=50.0),
    MissBody("a whole number as 1e2", b'{"amount": 1e2}'),
    by_schema("one dollar with an empty plan_id", amount=1, plan_id=""),
    by_schema("the largest amount", amount=999_999),
    by_schema("a plan without an amount", mode="subscription", plan_id="plan-basic"),
    by_schema("an unknown plan", mode="subscription", plan_id="plan-of-nobody"),
    by_schema("a plan with a percent sign", mode="subscription", plan_id="100% of a plan"),
    MissBody("a plan in other letters", '{"mode": "subscription", "plan_id": "plan-ü-日本-🎬"}'.encode()),
    by_schema("a very long plan", mode="subscription", plan_id="p" + "x" * 5_000),
    by_schema("a long plan", mode="subscription", plan_id="p" * 500),
    by_schema("a redirect with everything", amount=1, success_url="https://shop.example/a/b?c=d&e=%20#f"),
    by_schema("a long redirect", amount=1, success_url="https://shop.example/" + "a/b" * 120),
    by_schema("a redirect to an address", amount=1, success_url="HTTPS://203.0.113.7:8443/thanks/"),
    by_schema("a redirect to this machine", amount=1, cancel_url="http://localhost:3000/cart"),
    by_schema("members of every object", amount=1, __proto__={"x": 1}, constructor={"prototype": 1}),
    # A server may know these names; whatever it makes of the values, it is no server error.
    *(
        MissBody("other members", json.dumps({"amount": 1, **dict.fromkeys(_OFTEN, value)}).encode(), is_open=True)
        for value in ({"a": 1}, [None])
    ),
    MissBody("a class by name", json.dumps({"amount": 1, **dict.fromkeys(_CLASSES, "Order")}).encode(), is_open=True),
    MissBody(
        "a very long redirect",
        json.dumps({"amount": 1, "success_url": "https://shop.example/" + "a/b" * 1_500}).encode(),
        is_open=True,
    ),
    MissBody("a body with much space and an escaped name", b' \r\n\t{ "\\u0061mount" : 1 }\r\n '),
    *(
        MissBody(f"{size} kB of order", b'{"amount": 1, "note": "' + b"x" * size * 1_000 + b'"}', is_open=True)
        for size in (70, 300)
    ),
    refused("no body", b"", claim="body-is-required"),
    *(
        MissBody("without a key", body, status=401, is_refused=True, is_keyed=False, claim="key-is-required")
        for body in (b'{"amount": 1}', b'{"amount": "x"}', b"{", b"")
    ),
    limit("not UTF-8", b'{"amount": 1, "plan_id": "\xff\xfe"}'),
    refused("NaN", b'{"amount": NaN}'),
    refused("Infinity", b'{"amount": Infinity}'),
    refused("plain text", b'{"amount": 1}', "text/plain", status=415, claim="body-is-json"),
    refused("a form", b"amount=1", "application/x-www-form-urlencoded", status=415, claim="body-is-json"),
    limit("no content type", b'{"amount": 1}', None, status=415),
    limit("NaN beside the order", b'{"amount": 1, "note": NaN}'),
    limit("a number too large", b'{"amount": 1, "note": 1e400}'),
    limit("duplicate keys", b'{"amount": 2, "amount": 1}'),
    limit("a lone surrogate", b'{"amount": 1, "note": "\\ud800"}'),
    limit("deep nesting", b'{"amount": 1, "note": ' + b"[" * 70 + b"]" * 70 + b"}"),
    limit("very deep nesting", b'{"amount": 1, "note": ' + b"[" * 9_000 + b"]" * 9_000 + b"}"),
    limit("deep objects", b'{"amount": 1, "note": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001),
    limit("a large body", b'{"amount": 1, "note": "' + b"x" * (3 << 20) + b'"}', status=413),
    limit("a large body", b'{"amount": 1, "note": "' + b"x" * (1 << 20) + b'"}', status=413),
    *odd_orders(),
)
