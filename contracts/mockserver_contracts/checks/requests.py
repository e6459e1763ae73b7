"""Which requests create a session and which do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.context import Bench
from mockserver_contracts.checks.registry import check
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import Account
from mockserver_contracts.target.answer import Undecided, entries_of
from mockserver_contracts.target.client import CHECKOUT

SNAKE: Final = {"success_url": "https://yourapp.com/success", "cancel_url": "https://yourapp.com/cancel"}
CAMEL: Final = {"successUrl": "https://yourapp.com/success", "cancelUrl": "https://yourapp.com/cancel"}


@check("checkout-buys-credits")
def checkout_buys_credits(bench: Bench) -> Iterator[Finding]:
    """Neither an amount nor a plan buys nothing."""
    account = bench.account()
    yield from bench.refused(account.ask(), "an empty order")
    yield from bench.refused(account.ask(mode="payment"), "a payment without an amount")


@check("no-field-is-required", needs=())
def no_field_is_required(bench: Bench) -> Iterator[Finding]:
    """An empty object will do."""
    yield from bench.accepted(bench.account().ask(), "an empty object")


@check("amount-whole-dollars")
def amount_whole_dollars(bench: Bench) -> Iterator[Finding]:
    """Nothing under a dollar, no parts of one, and the list shows what was asked for."""
    account = bench.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1)]
    for cause, amount in amounts if bench.wire.on_rails else [*amounts, ("a fraction", 10.5)]:
        yield from bench.refused(account.ask(amount=amount), cause)
    session = account.create(dollars=50)
    if Ability.LIST not in bench.has:
        return
    page = account.page(limit=10)
    entry = next((entry for entry in entries_of(page) if entry.get("id") == session.id), None)
    if entry is not None and entry.get("amount") != session.dollars:
        expected = f"{session.dollars}, as it was ordered"
        yield bench.broken(
            page,
            "another amount on the list",
            pointer="/data/0/amount",
            expected=expected,
            actual=str(entry.get("amount")),
        )


@check("amount-any-number", needs=())
def amount_any_number(bench: Bench) -> Iterator[Finding]:
    """Every number is one."""
    account = bench.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1)]
    for cause, amount in amounts if bench.wire.on_rails else [*amounts, ("a fraction", 10.5), ("a large amount", 1e9)]:
        yield from bench.accepted(account.ask(amount=amount), cause)


@check("amount-nothing-but-a-number")
def amount_nothing_but_a_number(bench: Bench) -> Iterator[Finding]:
    """What only looks like a number is none."""
    account = bench.account()
    for cause, amount in (
        ("a number in quotes", "1"),
        ("true", True),
        ("null", None),
        ("a list", [1]),
        ("an object", {"value": 1}),
        ("empty text", ""),
        ("text", "a lot"),
    ):
        yield from bench.refused(account.ask(amount=amount), cause)


@check("mode-is-payment-or-subscription")
def mode_is_payment_or_subscription(bench: Bench) -> Iterator[Finding]:
    """Two words, in this spelling."""
    account = bench.account()
    yield from bench.accepted(account.ask(mode="payment", amount=1), "payment")
    yield from bench.accepted(account.ask(mode="subscription", plan_id="plan-basic", amount=1), "subscription")
    for mode in ("Payment", "SUBSCRIPTION", "setup", "", "payment ", 1, None, ["payment"]):
        answer = account.ask(mode=mode, plan_id="plan-basic", amount=1)
        yield from bench.refused(answer, f"mode {json.dumps(mode)}")


@check("plan-id-is-text")
def plan_id_is_text(bench: Bench) -> Iterator[Finding]:
    """With and without a use for it."""
    account = bench.account()
    yield from bench.accepted(account.ask(plan_id="plan-basic", amount=1), "text")
    for plan in (1, None, True, ["plan-basic"], {"id": "plan-basic"}):
        yield from bench.refused(account.ask(plan_id=plan, amount=1), json.dumps(plan))


@check("unknown-fields-are-accepted")
def unknown_fields_are_accepted(bench: Bench) -> Iterator[Finding]:
    """A field more does no harm."""
    account = bench.account()
    yield from bench.accepted(account.ask(amount=1, note="mind the gap", meta={"deep": [1, None]}), "an unknown field")


@check("body-is-required")
def body_is_required(bench: Bench) -> Iterator[Finding]:
    """Announced as JSON or not."""
    account = bench.account()
    yield from bench.refused(account.post(b""), "no body")
    yield from bench.refused(account.post(b"", None), "no body and no content type")


@check("body-is-json")
def body_is_json(bench: Bench) -> Iterator[Finding]:
    """JSON that is announced as something else, too."""
    account = bench.account()
    for media_type in ("text/plain", "application/xml", "multipart/form-data", "application/jsonx"):
        yield from bench.refused(account.post(b'{"amount": 1}', media_type), media_type)
    yield from bench.refused(account.post(b"amount=1", "application/x-www-form-urlencoded"), "a form")


@check("body-is-an-object")
def body_is_an_object(bench: Bench) -> Iterator[Finding]:
    """JSON of any other kind."""
    account = bench.account()
    for cause, body in (
        ("a list", b'[{"amount": 1}]'),
        ("an empty list", b"[]"),
        ("a number", b"1"),
        ("text", b'"amount"'),
        ("null", b"null"),
        ("true", b"true"),
    ):
        yield from bench.refused(account.post(body), cause)


@check("python-sample-is-accepted", needs=())
def python_sample_is_accepted(bench: Bench) -> Iterator[Finding]:
    """The sample's payload."""
    account = bench.account()
    yield from bench.accepted(account.ask(amount=account.dollars(100), **SNAKE), "the sample's payload")


@check("javascript-sample-is-accepted", needs=())
def javascript_sample_is_accepted(bench: Bench) -> Iterator[Finding]:
    """The sample's payload."""
    account = bench.account()
    yield from bench.accepted(account.ask(amount=account.dollars(100), **CAMEL), "the sample's payload")


@check("python-sample-sends-json", needs=())
def python_sample_sends_json(bench: Bench) -> Iterator[Finding]:
    """As requests sends it."""
    body = json.dumps({"amount": 1, **SNAKE}).encode()
    yield from bench.accepted(bench.account().post(body), "JSON as Python's requests sends it")


@check("javascript-sample-sends-json", needs=())
def javascript_sample_sends_json(bench: Bench) -> Iterator[Finding]:
    """As fetch sends it, and with the parameter that the media type may have."""
    account = bench.account()
    body = json.dumps({"amount": 1, **CAMEL}, separators=(",", ":")).encode()
    yield from bench.accepted(account.post(body), "JSON as fetch sends it")
    yield from bench.accepted(account.post(body, "application/json; charset=utf-8"), "JSON with its charset")


@check("python-sample-key-in-x-access-token", needs=())
def python_sample_key_in_x_access_token(bench: Bench) -> Iterator[Finding]:
    """The header and nothing else."""
    yield from _key_is_enough(bench.account(), bench, "x-access-token")


@check("javascript-sample-key-in-x-access-token", needs=())
def javascript_sample_key_in_x_access_token(bench: Bench) -> Iterator[Finding]:
    """A header's name has no case."""
    yield from _key_is_enough(bench.account(), bench, "X-Access-Token")


@check("checkout-is-a-post", needs=())
def checkout_is_a_post(bench: Bench) -> Iterator[Finding]:
    """POST creates, and only POST does."""
    account = bench.account()
    yield from bench.accepted(account.ask(amount=1), "POST")
    if bench.wire.on_rails:
        return
    headers = {**account.auth, "content-type": "application/json"}
    for method in ("GET", "PUT", "PATCH"):
        answer = bench.wire.send(method, CHECKOUT, headers, b"" if method == "GET" else b'{"amount": 1}')
        yield from bench.refused(answer, method)


def _key_is_enough(account: Account, bench: Bench, header: str) -> Iterator[Finding]:
    headers = {header: account.key, "content-type": "application/json"}
    answer = bench.wire.send("POST", CHECKOUT, headers, b'{"amount": 1}')
    if answer.status in (400, 415, 422):
        raise Undecided(Ability.CREATE.reason)
    yield from bench.accepted(answer, f"the key in {header}")
