"""Authentication, and the separation of accounts."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient, balance_on
from mockserver_contracts.target.account_readings import require_payment
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.key_variants import (
    hash_twin,
    keys_of_other_forms,
    malformed_keys,
    near_keys,
    unissued_key,
)
from mockserver_contracts.target.undecided import Undecided

# `sk-` and 200 characters.
_LONGEST = 203
# What the usage statistics tell beside the balance.
_OWN = ("usage_this_month", "credit_used", "breakdown", "plan_id", "email")
_JSON = {"content-type": "application/json"}


@check("key-is-required")
def key_is_required(context: CheckContext) -> Iterator[Finding]:
    """No operation serves a request without a key."""
    yield from context.expect_refusal(context.target.client.send("POST", CHECKOUT, _JSON, _body(context)), "no key")
    for ability, path in ((Ability.LIST, CHECKOUTS), (Ability.USAGE, USAGE)):
        if ability in context.target.abilities:
            yield from context.expect_refusal(context.target.client.send("GET", path, {}), "no key")
    yield from context.expect_refusal(_send_with_key(context, ""), "an empty key")
    if not context.target.client.on_rails:
        with_slash = context.target.client.send("POST", f"{CHECKOUT}/", _JSON, _body(context))
        yield from context.expect_refusal(with_slash, "no key, and a slash behind the path")


@check("key-in-x-access-token")
def key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """A key in another header, a cookie, the query or the body is not accepted."""
    account = context.account()
    if not account.ask(amount=account.dollars(1)).is_accepted:
        raise Undecided(Ability.CREATE.reason)
    key, header = account.key, context.target.client.key_header
    for cause, headers, query in _misplaced_keys(key, header):
        answer = context.target.client.send("POST", CHECKOUT, {**_JSON, **headers}, _body(context), query=query)
        yield from context.expect_refusal(answer, cause)
    if Ability.USAGE in context.target.abilities:
        elsewhere = {name: value for _, headers, _ in _misplaced_keys(key, header) for name, value in headers.items()}
        elsewhere["authorization"] = f"Bearer {key}"
        asked = context.target.client.send("GET", USAGE, elsewhere, query={header: key})
        yield from context.expect_refusal(asked, "anywhere else in a GET")
    order = json.dumps({**json.loads(_body(context)), header: key, "api_key": key})
    answer = context.target.client.send("POST", CHECKOUT, _JSON, order.encode())
    yield from context.expect_refusal(answer, "in the body")


@check("key-begins-with-sk")
def key_begins_with_sk(context: CheckContext) -> Iterator[Finding]:
    """A key of another form is refused."""
    for cause, key in keys_of_other_forms(context.account().key).items():
        yield from context.expect_refusal(_send_with_key(context, key), cause)


@rule("key-is-compared-whole", needs=(Ability.CREATE, Ability.LIST), once=True)
def key_is_compared_whole(context: CheckContext) -> Iterator[Finding]:
    """A key that differs little from another does not open its account, because a key is the only secret."""
    account = context.account()
    session = account.create(dollars=1)
    key = account.key
    # Whatever a long key gets, it is no server error.
    AccountClient(context.target.client, f"sk-{'x' * 160}").page(limit=10)
    for cause, other in near_keys(key).items():
        if other in (key, "sk-"):
            continue
        page = AccountClient(context.target.client, other).page(limit=10)
        if page.is_accepted and session.id in str(page.json):
            yield context.violation(
                page, cause, expected="401, or an account of its own", actual="the session of the key itself"
            )


@rule("malformed-keys-are-refused", needs=(Ability.CREATE,), once=True)
def malformed_keys_are_refused(context: CheckContext) -> Iterator[Finding]:
    """A text that begins like a key but is malformed is refused, because it opens an account by mistake."""
    for cause, key in malformed_keys(context.account().key).items():
        answer = _send_with_key(context, key)
        yield from context.expect_refusal(answer, cause, status=401)
        if answer.is_accepted:
            # A server that accepts one of them checks no form: one finding is enough.
            return


@rule("well-formed-keys-are-taken", needs=(Ability.ACCOUNTS, Ability.LIST), once=True)
def well_formed_keys_are_taken(context: CheckContext) -> Iterator[Finding]:
    """If every key opens an account, short and long ones do too, because a key that is cut meets another."""
    key = context.account().key
    stem = f"{key}-".ljust(_LONGEST - 1, "a")[: _LONGEST - 1]
    short = unissued_key(key)[-1:]
    for cause, one in (
        ("a short key", f"sk-{short}"),
        ("with every sign", f"{key}_Az-09"),
        ("the longest key", f"{stem}1"),
    ):
        yield from context.expect_acceptance(AccountClient(context.target.client, one).post(_body(context)), cause)
    invented = unissued_key(key)
    for cause, one, other in (
        ("told apart by its beginning", f"{stem}1", f"{stem}2"),
        ("told apart by its ends or a short hash", invented, hash_twin(invented)),
        ("told apart by what follows its first letter", invented, f"{invented[:3]}x{invented[4:]}"),
    ):
        session = AccountClient(context.target.client, one).create(dollars=1)
        page = AccountClient(context.target.client, other).page(limit=10)
        if page.is_accepted and session.id in str(page.json):
            yield context.violation(page, cause, expected="an account of its own", actual=session.id)


@rule("authentication-comes-first", needs=(Ability.CREATE,), once=True)
def authentication_comes_first(context: CheckContext) -> Iterator[Finding]:
    """A request without a key is refused for the key alone, because a stranger learns nothing of the rest."""
    account = context.account()
    usual = context.target.client.send("POST", CHECKOUT, _JSON, account.order())
    # A parser may stand before the application. The validation of its fields is the application's own.
    for cause, body, is_parsed in (("a broken body", b"{", False), ("a bad amount", b'{"amount": "x"}', True)):
        answer = context.target.client.send("POST", CHECKOUT, _JSON, body)
        if answer.is_accepted:
            continue  # the claim `key-is-required` decides
        if is_parsed and usual.is_refused and answer.is_refused and answer.status != usual.status:
            severity: Severity = "error" if context.target.is_strict else "warning"
            expected = f"{usual.status}, as to a right one"
            yield context.violation(answer, f"{cause} without a key", expected=expected, severity=severity)
        else:
            yield from context.expect_refusal(answer, f"{cause} without a key", status=401)
        # A server that leaves the body unread takes it for the beginning of the next request.
        yield from context.expect_acceptance(account.post(account.order()), "an order behind a refused one")


@rule("accounts-are-apart", needs=(Ability.CREATE, Ability.LIST), once=True)
def accounts_are_apart(context: CheckContext) -> Iterator[Finding]:
    """An account shows neither the sessions nor the credits of another, because they are another customer's."""
    second, account = context.second_account(), context.account()
    if second.key == account.key:
        raise Undecided(Ability.SECOND.reason)
    sessions = _plan_or_amount(context, account), second.create(dollars=3)
    for owner in (account, second):
        listing = owner.listing()
        page, listed = listing.first, {str(entry.get("id")) for entry in listing.entries}
        foreign = next((id_ for id_ in _ids_of_others(context, owner) if id_ in listed), None)
        if foreign is not None:
            yield context.violation(
                page, "the list of another account", expected="sessions of this account", actual=foreign
            )
    if not {Ability.USAGE, Ability.PAY} <= context.target.abilities:
        return
    for payer, other, session in ((account, second, sessions[0]), (second, account, sessions[1])):
        before = other.usage()
        balance = balance_on(before)
        require_payment(payer.pay(session))
        if payer is account and (status := (other.entry(sessions[1]) or {}).get("status", "pending")) != "pending":
            cause = "the session of another account, by a payment"
            yield context.violation(other.full_page(), cause, expected="pending", actual=str(status))
            return
        payer.consume(1)
        after = other.usage()
        if (changed := balance_on(after)) != balance:
            yield context.violation(
                after,
                "the credits of another account",
                pointer="/data/credit_balance",
                expected=str(balance),
                actual=str(changed),
            )
            return
        for name in _OWN:
            was, now = before.at("data", name), after.at("data", name)
            # A month may have ended in between.
            if now and now != was:
                cause = f"{name} of another account"
                yield context.violation(after, cause, pointer=f"/data/{name}", expected=str(was), actual=str(now))
                return


@rule("clocks-are-apart", needs=(Ability.CREATE, Ability.CLOCK, Ability.LIST), once=True)
def clocks_are_apart(context: CheckContext) -> Iterator[Finding]:
    """Moving the clock of one account expires no session of another, because tests run side by side."""
    second, account = context.second_account(), context.account()
    if second.key == account.key:
        raise Undecided(Ability.SECOND.reason)
    session = account.create(dollars=1)
    second.create(dollars=1)
    try:
        second.advance(25 * 3600)
        entry = account.entry(session)
        page = account.page(limit=10)
        if entry is not None and entry.get("status") == "expired":
            yield context.violation(page, "the clock of another account", expected="pending", actual="expired")
    finally:
        second.reset_clock()


def _plan_or_amount(context: CheckContext, account: AccountClient) -> Session:
    """A session for a plan of its own name, if the target sells it and is to be paid."""
    if {Ability.USAGE, Ability.PAY} <= context.target.abilities and not context.target.client.on_rails:
        answer = account.ask(mode="subscription", plan_id="plan-of-one-account")
        if answer.is_accepted:
            return account.created(answer, 0)
    return account.create(dollars=7)


def _ids_of_others(context: CheckContext, owner: AccountClient) -> Iterator[str]:
    """The sessions of the run that were created with another key than the owner's, the newest first."""
    client = context.target.client
    for session in reversed(client.sessions):
        if session.answer.request.headers.get(client.key_header) not in (None, owner.key):
            yield session.id


def _body(context: CheckContext) -> bytes:
    return AccountClient(context.target.client, context.target.key).order()


def _send_with_key(context: CheckContext, key: str) -> Exchange:
    return context.target.client.send(
        "POST", CHECKOUT, {**_JSON, context.target.client.key_header: key}, _body(context)
    )


def _misplaced_keys(key: str, header: str) -> Iterator[tuple[str, Mapping[str, str], Mapping[str, str] | None]]:
    yield "in the query", {}, {header: key}
    yield "in the query as api_key", {}, {"api_key": key}
    yield "in a cookie", {"cookie": f"{header}={key}"}, None
    yield "in Authorization", {"authorization": f"Bearer {key}"}, None
    yield "in Authorization, alone", {"authorization": key}, None
    yield "in Authorization, as a user", {"authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}, None
    yield "in x-api-key", {"x-api-key": key}, None
