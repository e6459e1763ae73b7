"""Values that languages read in different ways, in each member of an order.

They are texts of numbers, control characters, halves of characters, and numbers beyond every range.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Final

from mockserver_contracts.corpus.miss_body import MissBody, by_schema, limit, refused

_TYPE: Final = "amount-nothing-but-a-number"
_NUMBER_TEXTS: Final = (
    "1.0", "1e0", "+1", "-1", " 1", "1 ", "1\n", "01", "0x1", "0b1", "1_0", "1,0", "1,000", "$1",
    "\uff11", "\u0661", "Infinity", ""
)  # fmt: skip
_MEMBERS: Final = {
    "mode": "payment",
    "plan_id": "plan-basic",
    "success_url": "https://shop.example/ok",
    "cancel_url": "https://shop.example/no",
    "successUrl": "https://shop.example/ok",
    "cancelUrl": "https://shop.example/no",
}
# A server may read amounts otherwise where an order says more.
_BESIDE: Final[tuple[dict[str, str], ...]] = (
    {},
    {"mode": "payment"},
    {"mode": "payment", "cancel_url": "https://shop.example/no"},
)
_MODE: Final = b'"mode": "payment", '
_LINE_ENDS: Final = ("\n", "\r\n", "\r", "\t", "\u2028")


def odd_orders() -> Iterator[MissBody]:
    """Orders of 1 dollar with one odd value."""
    for text, beside in zip(_NUMBER_TEXTS, cycle(_BESIDE)):
        yield by_schema("amount as text", _TYPE, **beside, amount=text)
    # A negative zero, and fractions that a tolerance or a short float takes for none.
    for number, mode in ((b"-0", b""), (b"-0.0", _MODE), (b"1.0000001", _MODE), (b"1.0000000000000002", b"")):
        yield MissBody("nearly an amount", b"{" + mode + b'"amount": ' + number + b"}", claim="amount-whole-dollars")
    yield refused("an infinite amount", b'{"amount": 1e400}')
    for place, (name, value) in enumerate(_MEMBERS.items()):
        constant = b"-Infinity" if place % 2 else b"NaN"
        yield refused(f"{constant.decode()} as {name}", _order(name, constant))
        yield from _odd_members(name, value)
    for name in ("success_url", "cancel_url"):
        for end in _LINE_ENDS:
            yield by_schema("a line end behind a redirect", amount=1, **{name: _MEMBERS[name] + end})
    for media_type in ("application/vnd.api+json", "application/ld+json", "application/json-seq"):
        yield limit(f"as {media_type}", b'{"amount": 1}', media_type, status=415)
    for media_type in ("Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"'):
        yield MissBody(f"as {media_type}", b'{"amount": 1}', media_type)


def _odd_members(name: str, value: str) -> Iterator[MissBody]:
    yield limit(f"1e400 as {name}", _order(name, b"1e400"))
    yield limit(f"a lone surrogate in {name}", _order(name, json.dumps(f"{value}\ud800").encode()))
    yield MissBody(f"NUL in {name}", _order(name, json.dumps(f"{value}\0").encode()), is_open=True)


def _order(name: str, value: bytes) -> bytes:
    return b'{"amount": 1, "' + name.encode() + b'": ' + value + b"}"
