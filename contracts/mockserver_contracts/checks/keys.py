"""Who is let in, and to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockserver_contracts.checks.context import CheckContext, another_key
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import CHECKOUT, CHECKOUTS, USAGE
from mockserver_contracts.target.undecided import Undecided

# `sk-` and 200 signs.
_LONGEST = 203
_BODY = b'{"amount": 1}'
_JSON = {"content-type": "application/json"}


@check("key-is-required")
def key_is_required(context: CheckContext) -> Iterator[Finding]:
    """Nobody is let in without one, to no operation."""
    yield from _shut(context, context.client.send("POST", CHECKOUT, _JSON, _BODY), "no key")
    for ability, path in ((Ability.LIST, CHECKOUTS), (Ability.USAGE, USAGE)):
        if ability in context.has:
            yield from _shut(context, context.client.send("GET", path, {}), "no key")
    yield from _shut(context, _with(context, ""), "an empty key")


@check("key-in-x-access-token")
def key_in_x_access_token(context: CheckContext) -> Iterator[Finding]:
    """The right key in the wrong place is none."""
    account = context.account()
    if not account.ask(amount=1).is_accepted:
        raise Undecided(Ability.CREATE.reason)
    key = account.key
    for cause, headers, query in _elsewhere(key, context.client.key_header):
        answer = context.client.send("POST", CHECKOUT, {**_JSON, **headers}, _BODY, query=query)
        yield from _shut(context, answer, cause)


@check("key-begins-with-sk")
def key_begins_with_sk(context: CheckContext) -> Iterator[Finding]:
    """A key of another form."""
    for cause, key in other_forms(context.account().key).items():
        # Whether sk- alone is a key is not for the page to say.
        if key == "sk-" and not context.is_strict:
            continue
        yield from _shut(context, _with(context, key), cause)


@rule("key-is-compared-whole", needs=(Ability.CREATE, Ability.LIST), once=True)
def key_is_compared_whole(context: CheckContext) -> Iterator[Finding]:
    """A key that is nearly mine does not show what is mine."""
    account = context.account()
    session = account.create(dollars=1)
    key = account.key
    for cause, other in near_keys(key).items():
        if other in (key, "sk-"):
            continue
        stranger = AccountClient(context.client, other)
        page = stranger.page(limit=10)
        if page.is_accepted and session.id in str(page.json):
            yield context.broken(
                page, cause, expected="401, or an account of its own", actual="the session of the key itself"
            )


@rule("malformed-keys-are-refused", needs=(Ability.CREATE,), once=True)
def malformed_keys_are_refused(context: CheckContext) -> Iterator[Finding]:
    """What cannot be a key of anybody's is refused, however it begins."""
    for cause, key in malformed(context.account().key).items():
        answer = _with(context, key)
        yield from context.refused(answer, cause, exactly=401)
        if answer.is_accepted:
            # Who takes one of them for a key does not look: that is one fault.
            return


@rule("well-formed-keys-are-taken", needs=(Ability.ACCOUNTS, Ability.LIST), once=True)
def well_formed_keys_are_taken(context: CheckContext) -> Iterator[Finding]:
    """Where every key opens an account, each does that is one, and a long one is told apart to its end."""
    key = context.account().key
    stem = f"{key}-".ljust(_LONGEST - 1, "a")[: _LONGEST - 1]
    short = another_key(key)[-6:]
    for cause, one in (
        ("a short key", f"sk-{short}"),
        ("with every sign", f"{key}_Az-09"),
        ("the longest key", f"{stem}1"),
    ):
        yield from context.accepted(AccountClient(context.client, one).ask(amount=1), cause)
    session = AccountClient(context.client, f"{stem}1").create(dollars=1)
    page = AccountClient(context.client, f"{stem}2").page(limit=10)
    if page.is_accepted and session.id in str(page.json):
        yield context.broken(page, "told apart by its beginning", expected="an account of its own", actual=session.id)


@rule("authentication-comes-first", needs=(Ability.CREATE,))
def authentication_comes_first(context: CheckContext) -> Iterator[Finding]:
    """Who is not let in is not told what else is wrong."""
    for cause, body in (("a broken body", b"{"), ("a bad amount", b'{"amount": "x"}')):
        answer = context.client.send("POST", CHECKOUT, _JSON, body)
        # Whether anybody is let in without a key is the claim's to say.
        if not answer.is_accepted:
            yield from context.refused(answer, f"{cause} without a key", exactly=401)


@rule("accounts-are-apart", needs=(Ability.CREATE, Ability.LIST), once=True)
def accounts_are_apart(context: CheckContext) -> Iterator[Finding]:
    """What one account does, another does not see."""
    stranger, account = context.stranger(), context.account()
    if stranger.key == account.key:
        raise Undecided(Ability.SECOND.reason)
    session, foreign = account.create(dollars=7), stranger.create(dollars=3)
    for owner, other in ((account, foreign), (stranger, session)):
        page = owner.page(limit=100)
        if other.id in str(page.json):
            yield context.broken(
                page, "the list of another account", expected="sessions of this account", actual=other.id
            )
    if not {Ability.USAGE, Ability.PAY} <= context.has:
        return
    before = stranger.balance()
    if not account.pay(session).is_accepted:
        raise Undecided("the session cannot be paid")
    usage = stranger.usage()
    after = stranger.balance()
    if after != before:
        yield context.broken(
            usage,
            "the credits of another account",
            pointer="/data/credit_balance",
            expected=str(before),
            actual=str(after),
        )


@rule("clocks-are-apart", needs=(Ability.CREATE, Ability.CLOCK, Ability.LIST), once=True)
def clocks_are_apart(context: CheckContext) -> Iterator[Finding]:
    """When one account's clock moves, another's sessions stay open."""
    stranger, account = context.stranger(), context.account()
    if stranger.key == account.key:
        raise Undecided(Ability.SECOND.reason)
    session = account.create(dollars=1)
    stranger.create(dollars=1)
    try:
        stranger.advance(25 * 3600)
        entry = account.entry(session)
        page = account.page(limit=10)
        if entry is not None and entry.get("status") == "expired":
            yield context.broken(page, "the clock of another account", expected="pending", actual="expired")
    finally:
        stranger.reset_clock()


def near_keys(key: str) -> dict[str, str]:
    """Keys which are nearly the key, and of its form."""
    return {
        "with a suffix": key + "x",
        "cut short": key[:-1],
        "in another case": key[:3] + key[3:].swapcase(),
        "with another end": key[:-1] + ("x" if key[-1] != "x" else "y"),
        "with a prefix": "sk-" + key,
    }


def malformed(key: str) -> dict[str, str]:
    """What begins as a key does, and is none."""
    return {
        "with a dot": f"{key}.",
        "with a dollar sign": f"{key}$",
        "with a space": f"{key} x",
        "in quotes": f'"{key}"',
        "two keys": f"{key},{key}",
    }


def other_forms(key: str) -> dict[str, str]:
    """What is nearly the key, and of another form than a key has."""
    rest = key.removeprefix("sk-")
    return {"xsk-": f"x{key}", "pk-": f"pk-{rest}", "no prefix": rest, "SK-": f"SK-{rest}", "nothing after sk-": "sk-"}


def secrets_of(key: str) -> tuple[str, ...]:
    """The key and whatever a run makes of it that would give it away."""
    near = (*near_keys(key).values(), *other_forms(key).values(), *malformed(key).values())
    return (key, *(each for each in near if each != "sk-"))


def _with(context: CheckContext, key: str) -> Exchange:
    return context.client.send("POST", CHECKOUT, {**_JSON, context.client.key_header: key}, _BODY)


def _shut(context: CheckContext, answer: Exchange, cause: str) -> Iterator[Finding]:
    yield from context.refused(answer, cause)


def _elsewhere(key: str, header: str) -> Iterator[tuple[str, Mapping[str, str], Mapping[str, str] | None]]:
    yield "in the query", {}, {header: key}
    yield "in the query as api_key", {}, {"api_key": key}
    yield "in a cookie", {"cookie": f"{header}={key}"}, None
    yield "in Authorization", {"authorization": f"Bearer {key}"}, None
    yield "in x-api-key", {"x-api-key": key}, None
