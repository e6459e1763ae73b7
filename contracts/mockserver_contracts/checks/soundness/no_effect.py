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
from mockserver_contracts.target.account import DECLINED, AccountClient, balance_on
from mockserver_contracts.target.account_readings import entry_on, figures_on
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided

_GIVEN_ID: Final = "cs_test_given"
_GIVEN_CREDITS: Final = 1_000_000
_GIVEN_EMAIL: Final = "given@shop.example"
_DAY: Final = len("2020-01-01")
_PLAN: Final[dict[str, Any]] = {"mode": "subscription", "plan_id": "plan-basic"}
_BAD_ORDERS: Final[tuple[dict[str, Any], ...]] = (
    {"amount": -1},
    {"amount": "twenty"},
    {"mode": "nothing", "amount": 20},
    {"mode": "subscription", "plan_id": 7},
    {"mode": "subscription", "plan_id": "plan-pro", "success_url": 7, "successUrl": 7},
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
    "email": _GIVEN_EMAIL,
    "plan": "plan-pro",
    "discount": 50,
    "coupon": "HALF",
}
"""What a server keeps of a session, sent as if the buyer had a say in it."""


@dataclass(frozen=True, slots=True)
class _State:
    """The sessions that an account shows, with their statuses, the figures and the plan of its usage, its settings."""

    sessions: dict[str, Any]
    page: Exchange
    figures: dict[str, Decimal]
    plan: Any
    usage: Exchange | None
    settings: Exchange


@rule("only-payments-change-an-account", needs=(Ability.CREATE, Ability.LIST, Ability.FREE), once=True)
def only_payments_change_an_account(context: CheckContext) -> Iterator[Finding]:
    """Unpaid orders change no session, figure, plan or setting, and dollars no plan, because each buys one thing."""
    account = context.account()
    # It has a plan, credits and some use.
    if {Ability.PAY, Ability.USAGE} <= context.target.abilities:
        bought = account.ask(**_PLAN)
        if bought.is_accepted:
            account.pay(account.created(bought, 0))
        plan = account.usage().at("data", "plan_id")
        account.pay(account.create(dollars=5))
        yield from _expect_plan(context, account.usage(), plan, "the plan, by a payment for credits")
    waiting = account.create(dollars=3)
    account.consume(1)
    account.set_auto_recharge(enabled=True, threshold=0, amount=20)
    before = _state_of(context, account)
    try:
        _try_without_payment(account, waiting)
        yield from _differences(context, before, _state_of(context, account))
    finally:
        account.set_auto_recharge(enabled=False)


@rule("unknown-fields-change-nothing", needs=(Ability.CREATE, Ability.LIST), once=True)
def unknown_fields_change_nothing(context: CheckContext) -> Iterator[Finding]:
    """A field that no document declares has no effect, because with one anybody could mark a session as paid."""
    account = context.account()
    usage_before = account.usage() if Ability.USAGE in context.target.abilities else None
    before = None if usage_before is None else balance_on(usage_before)
    dollars = account.dollars(1)
    answer = account.ask(amount=dollars, **_FIELDS_OF_A_SESSION)
    if not answer.is_accepted:
        return  # the claim `unknown-fields-are-accepted` decides
    session = account.created(answer, dollars)
    if session.id == _GIVEN_ID:
        yield context.violation(answer, "an id of the client's choice", expected="one of its own", actual=_GIVEN_ID)
        return
    yield from _expect_own_entry(context, account, session, answer)
    if usage_before is None or before is None:
        return
    usage = account.usage()
    yield from _expect_own_usage(context, usage_before, usage)
    if gain := balance_on(usage) - before:
        yield context.violation(answer, "credits for a field", expected="none", actual=f"{gain} credits more")
    elif Ability.PAY in context.target.abilities:
        paid = account.pay(session)
        if (gain := account.balance() - before) >= _GIVEN_CREDITS:
            expected, actual = f"the credits of {dollars} dollars", f"{gain} credits more"
            yield context.violation(paid, "credits as a field has them", expected=expected, actual=actual)


def _expect_own_entry(
    context: CheckContext, account: AccountClient, session: Session, answer: Exchange
) -> Iterator[Finding]:
    """Yield a finding for each time, price and status of the new session that its order chose."""
    page = account.full_page()
    entry = entry_on(page, session) or {}
    given = (str(entry.get("created_at")), str(answer.at("data", "expires_at")))
    for name, time in zip(("created_at", "expires_at"), given, strict=True):
        if time[:_DAY] == str(_FIELDS_OF_A_SESSION[name])[:_DAY]:
            yield context.violation(answer, f"{name} of the client's choice", expected="one of its own", actual=time)
    if entry.get("amount") not in (None, session.dollars):
        cause, actual = "a price of the client's choice", str(entry.get("amount"))
        yield context.violation(page, cause, pointer="/data/0/amount", expected=str(session.dollars), actual=actual)
    status = entry.get("status", "pending")
    if status != "pending":
        cause = "a status of the client's choice"
        yield context.violation(page, cause, pointer="/data/0/status", expected="pending", actual=str(status))


def _expect_own_usage(context: CheckContext, before: Exchange, usage: Exchange) -> Iterator[Finding]:
    """Yield a finding if the e-mail address or the plan of the account is that of the order."""
    if usage.at("data", "email") == _GIVEN_EMAIL:
        cause, expected = "an e-mail of the client's choice", "that of the account"
        yield context.violation(usage, cause, pointer="/data/email", expected=expected, actual=_GIVEN_EMAIL)
    yield from _expect_plan(context, usage, before.at("data", "plan_id"), "a plan of the client's choice")


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
    plan = None if usage is None else usage.at("data", "plan_id")
    return _State(sessions, listing.first, figures, plan, usage, account.auto_recharge())


def _differences(context: CheckContext, before: _State, after: _State) -> Iterator[Finding]:
    for id_, status in before.sessions.items():
        if (shown := after.sessions.get(id_, "not there")) != status:
            cause = "the status of a session"
            yield context.violation(
                after.page, cause, pointer="/data/0/status", expected=str(status), actual=str(shown)
            )
            return
    if before.settings.is_accepted and (settings := after.settings.at("data")) != before.settings.at("data"):
        expected = str(before.settings.at("data"))
        yield context.violation(
            after.settings, "the settings of auto recharge", pointer="/data", expected=expected, actual=str(settings)
        )
    if after.usage is None:
        return
    for name, figure in before.figures.items():
        if after.figures.get(name) != figure:
            actual = str(after.figures.get(name))
            yield context.violation(after.usage, name, pointer=f"/data/{name}", expected=str(figure), actual=actual)
    yield from _expect_plan(context, after.usage, before.plan, "the plan")


def _expect_plan(context: CheckContext, usage: Exchange, plan: Any, cause: str) -> Iterator[Finding]:
    if (actual := usage.at("data", "plan_id")) != plan:
        yield context.violation(usage, cause, pointer="/data/plan_id", expected=str(plan), actual=str(actual))
