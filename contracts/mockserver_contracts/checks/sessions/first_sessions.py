"""The first sessions of an account, each followed to its payment.

The first and the second of anything are where a count, a default or a cache begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.expiry import expect_lifetime
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import leads_to
from mockserver_contracts.target.answer import Session

_SHOP: Final = "https://shop.example/order/"
_DOLLARS: Final = (11, 7, 13)


@rule("first-sessions-are-like-others", needs=(Ability.CREATE, Ability.LIST, Ability.PAY), once=True)
def first_sessions_are_like_others(context: CheckContext) -> Iterator[Finding]:
    """The first sessions of an account live, pay and lead on like others, because every customer begins with them."""
    account = context.new_account()
    first = _ask(account, 0)
    yield from context.expect_acceptance(first, "the first order")
    if not first.is_accepted:
        return
    later = [account.created(_ask(account, number), _DOLLARS[number]) for number in range(1, len(_DOLLARS))]
    sessions = [account.created(first, _DOLLARS[0]), *later]
    for session in sessions[1:]:
        findings = list(expect_lifetime(context, account, session))
        yield from findings
        if findings:
            return
    paid = [account.pay(session) for session in sessions]
    for number, (session, answer) in enumerate(zip(sessions, paid, strict=True)):
        yield from context.expect_acceptance(answer, f"a payment of session {number + 1}")
        yield from _expect_own_redirect(context, session, answer, number)
    listing = account.listing()
    statuses = {str(entry.get("id")): entry.get("status") for entry in listing.entries}
    for number, (session, answer) in enumerate(zip(sessions, paid, strict=True)):
        status = statuses.get(session.id)
        if answer.is_accepted and status != "completed":
            cause = f"the status of session {number + 1} when all are paid"
            yield context.violation(
                listing.first, cause, pointer="/data/0/status", expected="completed", actual=str(status)
            )
            return


def _ask(account: AccountClient, number: int) -> Exchange:
    url = f"{_SHOP}{number}"
    fields: dict[str, Any] = {"success_url": url, "successUrl": url}
    return account.ask(amount=account.dollars(_DOLLARS[number]), **fields)


def _expect_own_redirect(context: CheckContext, session: Session, answer: Exchange, number: int) -> Iterator[Finding]:
    if not answer.is_accepted or not isinstance(answer.json, dict) or "redirect_url" not in answer.json:
        return
    url, redirect = f"{_SHOP}{number}", answer.json["redirect_url"]
    if not leads_to(redirect, url, session=session, exactly=context.target.is_strict):
        cause = f"the success URL of session {number + 1}"
        yield context.violation(answer, cause, pointer="/redirect_url", expected=url, actual=str(redirect))
