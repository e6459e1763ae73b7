"""Top-ups: sessions for an amount alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.billing.account_figures import (
    require_permitted,
)
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import (
    entry_on,
    pay_for_gain,
)
from mockserver_contracts.target.answer import Session, session_of
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_PAID = (Ability.CREATE, Ability.PAY)
_NO_AMOUNTS: Final = (
    ("a fraction", 20.5),
    ("a part of a dollar", 0.5),
    ("nearly a whole number", 20.001),
    ("zero", 0),
    ("a negative amount", -20),
    ("text", "20"),
    ("empty text", ""),
    ("true", True),
    ("null", None),
    ("a list", [20]),
)


@rule("top-up-is-a-checkout", needs=_PAID, once=True)
def top_up_is_a_checkout(context: CheckContext) -> Iterator[Finding]:
    """A top-up is a session like any other, listed and credited once, because VideoDB sells it at the same page."""
    account = context.new_account()
    dollars = account.dollars(20)
    has_balance = Ability.USAGE in context.target.abilities
    gain, before = pay_for_gain(account, account.create(dollars=dollars)) if has_balance else (None, None)
    answer = account.top_up(amount=dollars)
    require_permitted(answer)
    if (session := session_of(answer, dollars)) is None:
        yield context.violation(answer, "no session", pointer="/data/url", expected="a URL to pay at")
        return
    if not session.url.startswith(("http://", "https://")):
        cause, actual = "a URL that opens nowhere", session.url or "none"
        yield context.violation(answer, cause, pointer="/data/url", expected="an http(s) URL", actual=actual)
        return
    with contextlib.suppress(LeadsElsewhere):
        page = open_page(context.target.client, session.url).answer
        if page.status >= 400:
            yield context.violation(page, "the URL does not open", operation="GET the session's URL", expected="200")
    if not _is_named(context, account, answer, session):
        raise Undecided("the URL of a top-up does not name its session")
    if Ability.LIST in context.target.abilities:
        entry = account.entry(session) or {}
        # A list without amounts is judged by its schema.
        is_right = entry.get("amount") in (None, dollars) and entry.get("status") == "pending"
        if not is_right:
            expected = f"a pending session of {dollars}"
            yield context.violation(answer, "not on the list", expected=expected, actual=str(entry))
    if before is not None:
        account.cancel(session)  # a buyer who went back may come again
        paid = account.pay(session)
        account.pay(session)  # buyers click twice
        # Whatever the order itself has credited is among it.
        actual_gain = account.balance() - before
        if actual_gain != gain:
            yield context.violation(answer, "credits", expected=f"{gain} credits", actual=f"{actual_gain} credits")
        if paid.is_accepted and Ability.LIST in context.target.abilities:
            status = (account.entry(session) or {}).get("status")
            if status not in (None, "completed"):
                yield context.violation(paid, "paid, and not so on the list", expected="completed", actual=str(status))
    yield from _expect_top_up_to_expire(context, context.new_account(), dollars)
    yield from _expect_dollars(context, account.top_up(amount=dollars, currency="eur"))
    for cause, amount in _NO_AMOUNTS:
        yield from context.expect_refusal(account.top_up(amount=amount), f"a top-up of {cause}", status=400)
    yield from context.expect_refusal(account.top_up(), "a top-up without an amount", status=400)
    account.top_up(amount=10**15)  # whatever it answers, it is no server error


def _expect_dollars(context: CheckContext, answer: Exchange) -> Iterator[Finding]:
    """Yield a finding if a top-up in euros is accepted; that there are only dollars is our assumption."""
    if answer.is_accepted:
        severity = context.target.severity_of_assumption
        yield context.violation(answer, "another currency", expected="a refusal (4xx)", severity=severity)
    else:
        yield from context.expect_refusal(answer, "another currency", status=400)


def _is_named(context: CheckContext, account: AccountClient, answer: Exchange, session: Session) -> bool:
    """The answer to a top-up tells the id of its session: as an id, or in a URL with an id that the target knows."""
    if context.target.is_strict or answer.at("data", "id") is not None or account.entry(session) is not None:
        return True
    return Ability.SESSIONS in context.target.abilities and account.look(session).at("id") == session.id


def _expect_top_up_to_expire(context: CheckContext, account: AccountClient, dollars: int) -> Iterator[Finding]:
    if not {Ability.CLOCK, Ability.LIST} <= context.target.abilities:
        return
    answer = account.top_up(amount=float(dollars))
    yield from context.expect_acceptance(answer, "a whole number with a point")
    session, paid = session_of(answer, dollars), session_of(account.top_up(amount=dollars), dollars)
    if session is None:
        return
    is_paid = paid is not None and account.pay(paid).is_accepted
    try:
        for seconds, expected, cause in (
            (23 * 3600, "pending", "a top-up expires within its day"),
            (2 * 3600, "expired", "a top-up does not expire"),
        ):
            account.advance(seconds)
            found = list(_expect_status(context, account, session, expected, cause))
            yield from found
            if found:
                return
        if is_paid and paid is not None:
            yield from _expect_status(context, account, paid, "completed", "a paid top-up expires")
    finally:
        account.reset_clock()


def _expect_status(
    context: CheckContext, account: AccountClient, session: Session, expected: str, cause: str
) -> Iterator[Finding]:
    page = account.full_page()
    entry = entry_on(page, session) or account.entry(session)
    if entry is None:
        # A list of an account that is not new may be longer than what was read of it.
        if context.target.opens_accounts or Ability.ACCOUNTS in context.target.abilities:
            cause = "not on the list of its account"
            yield context.violation(page, cause, expected="the session", actual="not there")
    elif (status := entry.get("status")) not in (None, expected):
        yield context.violation(page, cause, pointer="/data/0/status", expected=expected, actual=str(status))
