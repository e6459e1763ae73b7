"""Requests without an effect on an account: orders that nobody pays, and fields that nobody declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import entry_on, figures_on
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided

_GIVEN_ID: Final = "cs_test_given"
_GIVEN_CREDITS: Final = 1_000_000
_BAD_ORDERS: Final[tuple[dict[str, Any], ...]] = (
    {"amount": -1},
    {"amount": "twenty"},
    {"mode": "nothing", "amount": 20},
    {"mode": "subscription", "plan_id": 7},
    {"amount": 20, "success_url": 7, "successUrl": 7},
)
_FIELDS_OF_A_SESSION: Final[dict[str, Any]] = {
    "id": _GIVEN_ID,
    "status": "completed",
    "paid": True,
    "payment_status": "paid",
    "credits": _GIVEN_CREDITS,
    "created_at": "2020-01-01T00:00:00Z",
    "expires_at": "2099-01-01T00:00:00Z",
    "account": "another",
}
"""What a server keeps of a session, sent as if the buyer had a say in it."""


@dataclass(frozen=True, slots=True)
class _State:
    """The sessions that an account shows, with their statuses, and the figures and the plan of its usage."""

    sessions: dict[str, Any]
    page: Exchange
    figures: dict[str, Decimal]
    plan: Any
    usage: Exchange | None


@rule("only-payments-change-an-account", needs=(Ability.CREATE, Ability.LIST, Ability.FREE), once=True)
def only_payments_change_an_account(context: CheckContext) -> Iterator[Finding]:
    """Refused, declined, cancelled and open orders change no other session, figure or plan, because nobody paid."""
    account = context.account()
    # It has a plan, credits and some use.
    if {Ability.PAY, Ability.USAGE} <= context.target.abilities:
        account.pay(account.create(dollars=5))
        bought = account.ask(mode="subscription", plan_id="plan-basic")
        if bought.is_accepted:
            account.pay(account.created(bought, 0))
    waiting = account.create(dollars=3)
    account.consume(1)
    before = _state_of(context, account)
    _try_without_payment(account, waiting)
    yield from _differences(context, before, _state_of(context, account))


@rule("unknown-fields-change-nothing", needs=(Ability.CREATE, Ability.LIST), once=True)
def unknown_fields_change_nothing(context: CheckContext) -> Iterator[Finding]:
    """A field that no document declares has no effect, because with one anybody could mark a session as paid."""
    account = context.account()
    before = account.balance() if Ability.USAGE in context.target.abilities else None
    dollars = account.dollars(1)
    answer = account.ask(amount=dollars, **_FIELDS_OF_A_SESSION)
    if not answer.is_accepted:
        return  # the claim `unknown-fields-are-accepted` decides
    session = account.created(answer, dollars)
    if session.id == _GIVEN_ID:
        yield context.violation(answer, "an id of the client's choice", expected="one of its own", actual=_GIVEN_ID)
        return
    page = account.full_page()
    status = (entry_on(page, session) or {}).get("status", "pending")
    if status != "pending":
        cause = "a status of the client's choice"
        yield context.violation(page, cause, pointer="/data/0/status", expected="pending", actual=str(status))
    if before is not None and (gain := account.balance() - before):
        yield context.violation(answer, "credits for a field", expected="none", actual=f"{gain} credits more")
    elif before is not None and Ability.PAY in context.target.abilities:
        paid = account.pay(session)
        if (gain := account.balance() - before) >= _GIVEN_CREDITS:
            expected, actual = f"the credits of {dollars} dollars", f"{gain} credits more"
            yield context.violation(paid, "credits as a field has them", expected=expected, actual=actual)


def _try_without_payment(account: AccountClient, waiting: Session) -> None:
    """Send orders that create nothing, leave some open, and cancel and decline a session."""
    for fields in _BAD_ORDERS:
        account.ask(**fields)
    account.post(b'{"amount": 20')
    account.post(b"amount=20", "text/plain")
    account.top_up(amount=-20)
    for _ in range(3):
        account.create(dollars=4)
    account.cancel(waiting)
    # A server that declines no card has a reason to change.
    if account.pay(account.create(dollars=2), card=DECLINED).is_accepted:
        raise Undecided("the target declines no card")


def _state_of(context: CheckContext, account: AccountClient) -> _State:
    listing = account.listing()
    sessions = {str(entry.get("id")): entry.get("status") for entry in listing.entries}
    usage = account.usage() if Ability.USAGE in context.target.abilities else None
    figures = {} if usage is None else figures_on(usage)
    return _State(sessions, listing.first, figures, None if usage is None else usage.at("data", "plan_id"), usage)


def _differences(context: CheckContext, before: _State, after: _State) -> Iterator[Finding]:
    for id_, status in before.sessions.items():
        if (shown := after.sessions.get(id_, "not there")) != status:
            cause = "the status of a session"
            yield context.violation(
                after.page, cause, pointer="/data/0/status", expected=str(status), actual=str(shown)
            )
            return
    if after.usage is None:
        return
    for name, figure in before.figures.items():
        if after.figures.get(name) != figure:
            actual = str(after.figures.get(name))
            yield context.violation(after.usage, name, pointer=f"/data/{name}", expected=str(figure), actual=actual)
    if after.plan != before.plan:
        yield context.violation(
            after.usage, "the plan", pointer="/data/plan_id", expected=str(before.plan), actual=str(after.plan)
        )
