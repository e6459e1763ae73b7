"""Which requests create a session and which do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import entries_of
from mockserver_contracts.target.client import CHECKOUT
from mockserver_contracts.target.undecided import Undecided

SNAKE: Final = {"success_url": "https://yourapp.com/success", "cancel_url": "https://yourapp.com/cancel"}
CAMEL: Final = {"successUrl": "https://yourapp.com/success", "cancelUrl": "https://yourapp.com/cancel"}


@check("checkout-buys-credits")
def checkout_buys_credits(context: CheckContext) -> Iterator[Finding]:
    """Neither an amount nor a plan buys nothing."""
    account = context.account()
    yield from context.refused(account.ask(), "an empty order")
    yield from context.refused(account.ask(mode="payment"), "a payment without an amount")


@check("no-field-is-required", needs=())
def no_field_is_required(context: CheckContext) -> Iterator[Finding]:
    """An empty object will do."""
    yield from context.accepted(context.account().ask(), "an empty object")


@check("amount-whole-dollars")
def amount_whole_dollars(context: CheckContext) -> Iterator[Finding]:
    """Nothing under a dollar, no parts of one, and the list shows what was asked for."""
    account = context.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1)]
    for cause, amount in amounts if context.client.on_rails else [*amounts, ("a fraction", 10.5)]:
        yield from context.refused(account.ask(amount=amount), cause)
    session = account.create(dollars=50)
    if Ability.LIST not in context.has:
        return
    page = account.page(limit=10)
    entry = next((entry for entry in entries_of(page) if entry.get("id") == session.id), None)
    if entry is not None and entry.get("amount") != session.dollars:
        expected = f"{session.dollars}, as it was ordered"
        yield context.broken(
            page,
            "another amount on the list",
            pointer="/data/0/amount",
            expected=expected,
            actual=str(entry.get("amount")),
        )


@check("amount-any-number", needs=())
def amount_any_number(context: CheckContext) -> Iterator[Finding]:
    """Every number is one."""
    account = context.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1)]
    for cause, amount in (
        amounts if context.client.on_rails else [*amounts, ("a fraction", 10.5), ("a large amount", 1e9)]
    ):
        yield from context.accepted(account.ask(amount=amount), cause)


@check("amount-nothing-but-a-number")
def amount_nothing_but_a_number(context: CheckContext) -> Iterator[Finding]:
    """What only looks like a number is none."""
    account = context.account()
    for cause, amount in (
        ("a number in quotes", "1"),
        ("true", True),
        ("null", None),
        ("a list", [1]),
        ("an object", {"value": 1}),
        ("empty text", ""),
        ("text", "a lot"),
    ):
        yield from context.refused(account.ask(amount=amount), cause)


@check("mode-is-payment-or-subscription")
def mode_is_payment_or_subscription(context: CheckContext) -> Iterator[Finding]:
    """Two words, in this spelling."""
    account = context.account()
    yield from context.accepted(account.ask(mode="payment", amount=1), "payment")
    yield from context.accepted(account.ask(mode="subscription", plan_id="plan-basic", amount=1), "subscription")
    for mode in ("Payment", "SUBSCRIPTION", "setup", "", "payment ", 1, None, ["payment"]):
        answer = account.ask(mode=mode, plan_id="plan-basic", amount=1)
        yield from context.refused(answer, f"mode {json.dumps(mode)}")


@check("plan-id-is-text")
def plan_id_is_text(context: CheckContext) -> Iterator[Finding]:
    """With and without a use for it."""
    account = context.account()
    yield from context.accepted(account.ask(plan_id="plan-basic", amount=1), "text")
    for plan in (1, None, True, ["plan-basic"], {"id": "plan-basic"}):
        yield from context.refused(account.ask(plan_id=plan, amount=1), json.dumps(plan))


@check("unknown-fields-are-accepted")
def unknown_fields_are_accepted(context: CheckContext) -> Iterator[Finding]:
    """A field more does no harm."""
    account = context.account()
    yield from context.accepted(
        account.ask(amount=1, note="mind the gap", meta={"deep": [1, None]}), "an unknown field"
    )


@check("body-is-required")
def body_is_required(context: CheckContext) -> Iterator[Finding]:
    """Announced as JSON or not."""
    account = context.account()
    yield from context.refused(account.post(b""), "no body")
    yield from context.refused(account.post(b"", None), "no body and no content type")


@check("body-is-json")
def body_is_json(context: CheckContext) -> Iterator[Finding]:
    """JSON that is announced as something else, too."""
    account = context.account()
    for media_type in ("text/plain", "application/xml", "multipart/form-data", "application/jsonx"):
        yield from context.refused(account.post(b'{"amount": 1}', media_type), media_type)
    yield from context.refused(account.post(b"amount=1", "application/x-www-form-urlencoded"), "a form")


@check("body-is-an-object")
def body_is_an_object(context: CheckContext) -> Iterator[Finding]:
    """JSON of any other kind."""
    account = context.account()
    for cause, body in (
        ("a list", b'[{"amount": 1}]'),
        ("an empty list", b"[]"),
        ("a number", b"1"),
        ("text", b'"amount"'),
        ("null", b"null"),
        ("true", b"true"),
    ):
        yield from context.refused(account.post(body), cause)


@check("python-sample-is-accepted", needs=())
def python_sample_is_accepted(context: CheckContext) -> Iterator[Finding]:
    """The sample's payload."""
    account = context.account()
    yield from context.accepted(account.ask(amount=account.dollars(100), **SNAKE), "the sample's payload")


@check("javascript-sample-is-accepted", needs=())
def javascript_sample_is_accepted(context: CheckContext) -> Iterator[Finding]:
    """The sample's payload."""
    account = context.account()
    yield from context.accepted(account.ask(amount=account.dollars(100), **CAMEL), "the sample's payload")


@check("python-sample-sends-json", needs=())
def python_sample_sends_json(context: CheckContext) -> Iterator[Finding]:
    """As requests sends it."""
    body = json.dumps({"amount": 1, **SNAKE}).encode()
    yield from context.accepted(context.account().post(body), "JSON as Python's requests sends it")


@check("javascript-sample-sends-json", needs=())
def javascript_sample_sends_json(context: CheckContext) -> Iterator[Finding]:
    """As fetch sends it, and with the parameter that the media type may have."""
    account = context.account()
    body = json.dumps({"amount": 1, **CAMEL}, separators=(",", ":")).encode()
    yield from context.accepted(account.post(body), "JSON as fetch sends it")
    yield from context.accepted(account.post(body, "application/json; charset=utf-8"), "JSON with its charset")


@check("python-sample-key-in-x-access-token", needs=())
def python_sample_key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """The header and nothing else."""
    yield from _key_is_enough(context.account(), context, "x-access-token")


@check("javascript-sample-key-in-x-access-token", needs=())
def javascript_sample_key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """A header's name has no case."""
    yield from _key_is_enough(context.account(), context, "X-Access-Token")


@check("checkout-is-a-post", needs=())
def checkout_is_a_post(context: CheckContext) -> Iterator[Finding]:
    """POST creates, and only POST does."""
    account = context.account()
    yield from context.accepted(account.ask(amount=1), "POST")
    if context.client.on_rails:
        return
    headers = {**account.auth, "content-type": "application/json"}
    for method in ("GET", "PUT", "PATCH"):
        answer = context.client.send(method, CHECKOUT, headers, b"" if method == "GET" else b'{"amount": 1}')
        yield from context.refused(answer, method)


def _key_is_enough(account: AccountClient, context: CheckContext, header: str) -> Iterator[Finding]:
    headers = {header: account.key, "content-type": "application/json"}
    answer = context.client.send("POST", CHECKOUT, headers, b'{"amount": 1}')
    if answer.status in (400, 415, 422):
        raise Undecided(Ability.CREATE.reason)
    yield from context.accepted(answer, f"the key in {header}")
