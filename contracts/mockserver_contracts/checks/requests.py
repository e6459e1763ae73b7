"""Requests that create a session, and requests that must be refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import entry_on
from mockserver_contracts.target.client import JSON
from mockserver_contracts.target.undecided import Undecided

_FORM: Final = b'--b\r\nContent-Disposition: form-data; name="amount"\r\n\r\n1\r\n--b--\r\n'
# Numbers in other forms; the first two cost no more than a dollar, however they are read.
_NO_WHOLE_DOLLARS: Final = (b"0e1", b"5e-1", b"10.999", b"1.5e0", b"1050E-2")
SNAKE: Final = {"success_url": "https://yourapp.com/success", "cancel_url": "https://yourapp.com/cancel"}
CAMEL: Final = {"successUrl": "https://yourapp.com/success", "cancelUrl": "https://yourapp.com/cancel"}


@check("checkout-buys-credits")
def checkout_buys_credits(context: CheckContext) -> Iterator[Finding]:
    """An order without an amount and without a plan is refused."""
    account = context.account()
    yield from context.expect_refusal(account.ask(), "an empty order")
    yield from context.expect_refusal(account.ask(mode="payment", **SNAKE), "a payment without an amount")


@check("no-field-is-required", needs=())
def no_field_is_required(context: CheckContext) -> Iterator[Finding]:
    """An empty object is accepted."""
    yield from context.expect_acceptance(context.account().ask(), "an empty object")


@check("amount-whole-dollars")
def amount_whole_dollars(context: CheckContext) -> Iterator[Finding]:
    """Amounts below a dollar and fractions are refused, and the list shows the ordered amount."""
    account = context.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1), ("a negative fraction", -0.5)]
    for cause, amount in amounts if context.target.client.on_rails else [*amounts, ("a fraction", 10.5)]:
        yield from context.expect_refusal(account.ask(amount=amount), cause)
    for number in _NO_WHOLE_DOLLARS[: 2 if context.target.client.on_rails else None]:
        yield from context.expect_refusal(account.post(b'{"amount": %s}' % number), number.decode())
    session = account.create(dollars=50)
    if Ability.LIST not in context.target.abilities:
        return
    page = account.page(limit=10)
    entry = entry_on(page, session)
    # A list without amounts is judged by its schema.
    if entry is not None and entry.get("amount") not in (None, session.dollars):
        expected = f"{session.dollars}, as it was ordered"
        yield context.violation(
            page,
            "another amount on the list",
            pointer="/data/0/amount",
            expected=expected,
            actual=str(entry.get("amount")),
        )


@check("amount-any-number", needs=())
def amount_any_number(context: CheckContext) -> Iterator[Finding]:
    """Every number is accepted as an amount."""
    account = context.account()
    amounts = [("a fraction", 0.5), ("zero", 0), ("a negative amount", -1)]
    for cause, amount in (
        amounts if context.target.client.on_rails else [*amounts, ("a fraction", 10.5), ("a large amount", 1e9)]
    ):
        yield from context.expect_acceptance(account.ask(amount=amount), cause)


@check("amount-nothing-but-a-number")
def amount_nothing_but_a_number(context: CheckContext) -> Iterator[Finding]:
    """An amount of any other JSON type is refused."""
    account = context.account()
    for cause, amount in (
        ("a number in quotes", str(account.dollars(1))),
        ("true", True),
        ("null", None),
        ("a list", [account.dollars(1)]),
        ("an empty list", []),
        ("an object", {"value": account.dollars(1)}),
        ("a number with cents in quotes", f"{account.dollars(1)}.00"),
        ("empty text", ""),
        ("text", "a lot"),
    ):
        yield from context.expect_refusal(account.ask(amount=amount), cause)


@check("mode-is-payment-or-subscription")
def mode_is_payment_or_subscription(context: CheckContext) -> Iterator[Finding]:
    """Only the two modes are accepted, in this spelling."""
    account = context.account()
    yield from context.expect_acceptance(account.ask(mode="payment", amount=account.dollars(1)), "payment")
    yield from context.expect_acceptance(
        account.ask(mode="subscription", plan_id="plan-basic", amount=account.dollars(1)), "subscription"
    )
    # Stripe has a third mode, and true is equal to any text where types do not count.
    for mode in ("setup", "SUBSCRIPTION", True, "", "payment ", "payment\n", "sub", 1, *_null(context), ["payment"]):
        answer = account.ask(mode=mode, plan_id="plan-basic", amount=account.dollars(1))
        yield from context.expect_refusal(answer, f"mode {json.dumps(mode)}")


@check("plan-id-is-text")
def plan_id_is_text(context: CheckContext) -> Iterator[Finding]:
    """A plan_id may be any text, and no other JSON type."""
    account = context.account()
    yield from context.expect_acceptance(account.ask(plan_id="plan-basic", amount=account.dollars(1)), "text")
    for plan in (1, *_null(context), True, ["plan-basic"], {"id": "plan-basic"}):
        yield from context.expect_refusal(account.ask(plan_id=plan, amount=account.dollars(1)), json.dumps(plan))


@check("unknown-fields-are-accepted")
def unknown_fields_are_accepted(context: CheckContext) -> Iterator[Finding]:
    """An order with an undeclared field is accepted."""
    account = context.account()
    # Databases and templates take names like these for paths and operators.
    unknown = {"note": "mind the gap, " * 100, "meta": {"deep": [[[{"er": [1, None]}]]]}, "a.b": 1, "$set": {"c.d": 1}}
    unknown |= {"e f": "", "": 0, "\0a": 0, "a name that is longer than most columns, by far" * 2: 0}
    unknown |= {"\u00fc \u65e5\u672c": 1, "nothing": None, **{f"field-{number}": number for number in range(8)}}
    yield from context.expect_acceptance(account.ask(amount=account.dollars(1), **unknown), "an unknown field")


@check("body-is-required")
def body_is_required(context: CheckContext) -> Iterator[Finding]:
    """A request without a body is refused, with a content type or without, and with an amount in the query."""
    account = context.account()
    headers = {**account.auth, "content-type": JSON}
    answer = context.target.client.send("POST", CHECKOUT, headers, query={"amount": account.dollars(1)})
    yield from context.expect_refusal(answer, "no body")
    yield from context.expect_refusal(account.post(b"", None), "no body and no content type")


@check("body-is-json")
def body_is_json(context: CheckContext) -> Iterator[Finding]:
    """A body of another media type is refused, even if it is JSON."""
    account = context.account()
    near = ("text/json", "application/x-ndjson", "application/jsonx")
    for media_type in ("text/plain", "application/vnd.api+json", "multipart/form-data", *near):
        yield from context.expect_refusal(account.post(account.order(), media_type), media_type)
    yield from context.expect_refusal(account.post(b"amount=1", "application/x-www-form-urlencoded"), "a form")
    yield from context.expect_refusal(account.post(_FORM, "multipart/form-data; boundary=b"), "a form in parts")


@check("body-is-an-object")
def body_is_an_object(context: CheckContext) -> Iterator[Finding]:
    """A body of any other JSON type is refused."""
    account = context.account()
    for cause, body in (
        ("a list", b"[" + account.order() + b"]"),
        ("an empty list", b"[]"),
        ("a number", b"1"),
        ("text", b'"amount"'),
        ("null", b"null"),
        ("true", b"true"),
    ):
        yield from context.expect_refusal(account.post(body), cause)


@check("python-sample-is-accepted", needs=())
def python_sample_is_accepted(context: CheckContext) -> Iterator[Finding]:
    """The payload of the Python sample is accepted."""
    account = context.account()
    yield from context.expect_acceptance(account.ask(amount=account.dollars(100), **SNAKE), "the sample's payload")


@check("javascript-sample-is-accepted", needs=())
def javascript_sample_is_accepted(context: CheckContext) -> Iterator[Finding]:
    """The payload of the JavaScript sample is accepted."""
    account = context.account()
    yield from context.expect_acceptance(account.ask(amount=account.dollars(100), **CAMEL), "the sample's payload")


@check("python-sample-sends-json", needs=())
def python_sample_sends_json(context: CheckContext) -> Iterator[Finding]:
    """JSON is accepted as Python's requests sends it."""
    account = context.account()
    body = json.dumps({"amount": account.dollars(1), **SNAKE}).encode()
    yield from context.expect_acceptance(account.post(body), "JSON as Python's requests sends it")


@check("javascript-sample-sends-json", needs=())
def javascript_sample_sends_json(context: CheckContext) -> Iterator[Finding]:
    """JSON is accepted as fetch sends it, and with a charset parameter."""
    account = context.account()
    body = json.dumps({"amount": account.dollars(1), **CAMEL}, separators=(",", ":")).encode()
    yield from context.expect_acceptance(account.post(body), "JSON as fetch sends it")
    yield from context.expect_acceptance(account.post(body, "application/json; charset=utf-8"), "JSON with its charset")


@check("python-sample-key-in-x-access-token", needs=())
def python_sample_key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """The key in the header is enough."""
    yield from _expect_key_in(context, context.account(), "x-access-token")


@check("javascript-sample-key-in-x-access-token", needs=())
def javascript_sample_key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """The name of the key header is case-insensitive."""
    yield from _expect_key_in(context, context.account(), "X-Access-Token")


@check("checkout-is-a-post", needs=())
def checkout_is_a_post(context: CheckContext) -> Iterator[Finding]:
    """Only POST creates a session."""
    account = context.account()
    yield from context.expect_acceptance(account.ask(amount=account.dollars(1)), "POST")
    if context.target.client.on_rails:
        return
    headers = {**account.auth, "content-type": "application/json"}
    for method in ("GET", "PUT", "PATCH"):
        answer = context.target.client.send(method, CHECKOUT, headers, b"" if method == "GET" else account.order())
        yield from context.expect_refusal(answer, method)


def _null(context: CheckContext) -> tuple[None, ...]:
    """Null, where exact words count: many clients send it for a member that they leave out."""
    return (None,) if context.target.is_strict else ()


def _expect_key_in(context: CheckContext, account: AccountClient, header: str) -> Iterator[Finding]:
    headers = {header: account.key, "content-type": "application/json"}
    answer = context.target.client.send("POST", CHECKOUT, headers, account.order())
    if answer.status in (400, 415, 422):
        raise Undecided(Ability.CREATE.reason)
    yield from context.expect_acceptance(answer, f"the key in {header}")
