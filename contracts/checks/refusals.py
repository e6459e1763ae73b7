"""Near misses: what has to be refused, what has to be taken, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.abilities import Ability
from contracts.answer import Answer, entries_of
from contracts.checks.bench import Bench
from contracts.checks.registry import rule
from contracts.client import Account
from contracts.finding import Finding
from contracts.wire import JSON


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A request that is nearly right."""

    cause: str
    body: bytes
    media_type: str | None = JSON
    # Whether it is refused by a limit of the parser, which not every right server has.
    by_limit: bool = False
    exactly: int = 400
    # The claim that decides it, where it is promised.
    claim: str = ""


def _of(cause: str, claim: str = "", **fields: Any) -> NearMiss:
    return NearMiss(cause, json.dumps(fields).encode(), claim=claim)


_TYPE: Final = "amount-nothing-but-a-number"
_WHOLE: Final = "amount-whole-dollars"
_MODE: Final = "mode-is-payment-or-subscription"
_REDIRECT: Final = "an unusable redirect"
_SYNTAX: Final = "broken JSON"


NEAR_MISSES: Final = (
    _of("amount as text", _TYPE, amount="1"),
    _of("amount null", _TYPE, amount=None),
    _of("amount true", _TYPE, amount=True),
    _of("amount a list", _TYPE, amount=[1]),
    _of("a fraction", _WHOLE, amount=0.5),
    _of("zero", _WHOLE, amount=0),
    _of("a negative amount", _WHOLE, amount=-1),
    _of("an amount over the limit", amount=1_000_000),
    _of("no order at all", "checkout-buys-credits"),
    _of("mode in another case", _MODE, mode="Payment", amount=1),
    _of("an unknown mode", _MODE, mode="setup", amount=1),
    _of("a subscription without a plan", mode="subscription"),
    _of("an empty plan_id", mode="subscription", plan_id=""),
    _of("plan_id a number", "plan-id-is-text", plan_id=1, amount=1),
    _of(_REDIRECT, amount=1, success_url="javascript:alert(1)"),
    _of(_REDIRECT, amount=1, success_url="https://shop.example/\r\nset-cookie: a=b"),
    _of(_REDIRECT, amount=1, cancel_url="/cart"),
    _of(_REDIRECT, amount=1, success_url=None),
    _of(_REDIRECT, amount=1, successUrl="shop", cancelUrl=7),
    NearMiss(_SYNTAX, b'{"amount": 1'),
    NearMiss(_SYNTAX, b'{"amount": 1,}'),
    NearMiss(_SYNTAX, b'{"amount": 1}{"amount": 1}'),
    NearMiss("a list", b'[{"amount": 1}]', claim="body-is-an-object"),
    NearMiss("no body", b"", claim="body-is-required"),
    NearMiss("not UTF-8", b'{"amount": 1, "plan_id": "\xff\xfe"}'),
    NearMiss("NaN", b'{"amount": NaN}'),
    NearMiss("Infinity", b'{"amount": Infinity}'),
    NearMiss("plain text", b'{"amount": 1}', "text/plain", exactly=415, claim="body-is-json"),
    NearMiss("a form", b"amount=1", "application/x-www-form-urlencoded", exactly=415, claim="body-is-json"),
    NearMiss("no content type", b'{"amount": 1}', None, by_limit=True, exactly=415),
    NearMiss("NaN beside the order", b'{"amount": 1, "note": NaN}', by_limit=True),
    NearMiss("a number too large", b'{"amount": 1, "note": 1e400}', by_limit=True),
    NearMiss("duplicate keys", b'{"amount": 2, "amount": 1}', by_limit=True),
    NearMiss("a lone surrogate", b'{"amount": 1, "note": "\\ud800"}', by_limit=True),
    NearMiss("deep nesting", b'{"amount": 1, "note": ' + b"[" * 70 + b"]" * 70 + b"}", by_limit=True),
    NearMiss("a large body", b'{"amount": 1, "note": "' + b"x" * (1 << 20) + b'"}', by_limit=True, exactly=413),
)
_ALWAYS: Final = frozenset({_SYNTAX, "no body", "not UTF-8", "plain text", "a form", "NaN", "Infinity"})
_LARGE: Final = frozenset({"a whole number as 50.0", "a whole number as 1e2", "the largest amount"})
TAKEN: Final = (
    _of("a whole number as 50.0", amount=50.0),
    NearMiss("a whole number as 1e2", b'{"amount": 1e2}'),
    _of("one dollar", amount=1),
    _of("the largest amount", amount=999_999),
    _of("a plan without an amount", mode="subscription", plan_id="plan-basic"),
    _of("an unknown plan", mode="subscription", plan_id="plan-of-nobody"),
    NearMiss("a plan in other letters", '{"mode": "subscription", "plan_id": "plan-ü-日本-🎬"}'.encode()),
    _of("a long plan", mode="subscription", plan_id="p" * 500),
    _of("a redirect with everything", amount=1, success_url="https://user@shop.example:8443/a/b?c=d&e=%20#f"),
    _of("a redirect to this machine", amount=1, cancel_url="http://localhost:3000/cart"),
    NearMiss("a body with much space", b' \r\n\t{ "amount" : 1 }\r\n '),
)


@rule("near-misses-are-refused")
def near_misses_are_refused(bench: Bench) -> Iterator[Finding]:
    """What the contract forbids is refused, and nothing of it stays."""
    account = bench.account()
    before = _ids(bench, account)
    made = 0
    for miss in NEAR_MISSES:
        if bench.wire.on_rails and miss.by_limit:
            continue
        must = miss.cause in _ALWAYS or bench.is_forbidden(miss.body) or (miss.by_limit and bench.setting.holds_limits)
        answer = account.post(miss.body, miss.media_type)
        made += answer.is_accepted
        is_told = answer.is_accepted and miss.claim in bench.setting.claimed
        if must and not is_told:
            yield from bench.refused(answer, miss.cause, exactly=miss.exactly)
        elif not must and not answer.is_accepted and not answer.is_refused:
            yield from bench.trouble(answer, miss.cause)
    left = _ids(bench, account) - before
    if len(left) > made:
        yield from _culprits(bench, account)


@rule("valid-orders-are-taken")
def valid_orders_are_taken(bench: Bench) -> Iterator[Finding]:
    """What the contract allows is not refused."""
    account = bench.account()
    for order in TAKEN:
        if bench.is_forbidden(order.body) or (
            bench.wire.on_rails
            and order.cause in ("a whole number as 50.0", "a whole number as 1e2", "the largest amount")
        ):
            continue
        yield from bench.accepted(account.post(order.body), order.cause)


def _culprits(bench: Bench, account: Account) -> Iterator[Finding]:
    """Which refusals leave a session behind."""
    for miss in NEAR_MISSES:
        before = _ids(bench, account)
        answer = account.post(miss.body, miss.media_type)
        if answer.is_refused and _ids(bench, account) - before:
            yield _left_behind(bench, answer)
            return


def _left_behind(bench: Bench, answer: Answer) -> Finding:
    return bench.broken(answer, "a refused request creates a session", expected="nothing created", actual="a session")


def _ids(bench: Bench, account: Account) -> set[str]:
    if Ability.LIST not in bench.has:
        return set()
    return {str(entry.get("id")) for entry in entries_of(account.page(limit=100))}
