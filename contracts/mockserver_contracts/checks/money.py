"""Credits: their number, their account and their time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.checks.sessions.simultaneous_orders import create_at_once, expect_own_redirects
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import number_of, require_payment
from mockserver_contracts.target.answer import ABSENT, Session
from mockserver_contracts.target.key_variants import unissued_key
from mockserver_contracts.target.rate import Rate
from mockserver_contracts.target.undecided import Undecided

_PAID = (Ability.CREATE, Ability.PAY, Ability.USAGE)
_NO_BINARY_CENTS: Final = 29
"""Dollars: in binary, a hundred times their hundredth is a little less."""
_LARGEST: Final = 999_999
"""Dollars: the largest order that the mock sells."""


@check("credits-added-immediately", needs=_PAID)
def credits_added_immediately(context: CheckContext) -> Iterator[Finding]:
    """The balance read right after a payment includes the credits."""
    account = context.account()
    for dollars in (50, 7):
        session = account.create(dollars=dollars)
        credits = _credits_for(context, account, session)
        before = account.balance()
        paid = require_payment(account.pay(session))
        yield from _expect_gain(context, account, before, credits, paid, "after a payment")


@check("no-credits-without-payment", needs=(Ability.CREATE, Ability.USAGE))
def no_credits_without_payment(context: CheckContext) -> Iterator[Finding]:
    """Creation, cancellation and expiry of a session credit nothing."""
    account = context.account()
    before = account.balance()
    session, other = account.create(dollars=50), account.create(dollars=7)
    yield from _expect_gain(context, account, before, Decimal(0), session.answer, "by creation")
    context.require(Ability.CANCEL)
    cancelled = account.cancel(session)
    yield from _expect_gain(context, account, before, Decimal(0), cancelled, "by cancellation")
    expired = account.expire(other)
    yield from _expect_gain(context, account, before, Decimal(0), expired, "by expiry")
    if not expired.is_accepted:
        raise Undecided("no control of expiry")


@check("usage-shows-use-and-balance", needs=(Ability.USAGE,))
def usage_shows_use_and_balance(context: CheckContext) -> Iterator[Finding]:
    """The usage statistics show the credits left and the credits used, also for a new account."""
    accounts = [context.account()]
    if Ability.ACCOUNTS in context.target.abilities:
        accounts.append(AccountClient(context.target.client, f"{unissued_key(accounts[0].key)}-new"))
    for account in accounts:
        yield from _expect_both_figures(context, account)


def _expect_both_figures(context: CheckContext, account: AccountClient) -> Iterator[Finding]:
    answer = account.usage()
    if not answer.is_accepted:
        raise Undecided(f"the target answered {answer.status}")
    data: dict[str, Any] = answer.at("data") if isinstance(answer.at("data"), dict) else {}
    if number_of(data.get("credit_balance")) is None:
        yield context.violation(answer, "no balance", pointer="/data/credit_balance", expected="a number")
    if all(number_of(data.get(name)) is None for name in ("usage_this_month", "credit_used")):
        yield context.violation(answer, "no use", pointer="/data/usage_this_month", expected="a number")


@rule("paid-once", needs=_PAID, once=True)
def paid_once(context: CheckContext) -> Iterator[Finding]:
    """A session is paid and credited once, even by payments at the same time, because buyers click twice."""
    account = context.account()
    session = account.create(dollars=50)
    credits = _credits_for(context, account, session)
    before = account.balance()
    paid = require_payment(account.pay(session))
    after = account.balance()
    is_right = after - before == credits
    again = account.pay(session)
    if context.target.is_strict:
        yield from context.expect_refusal(again, "a completed session is paid again", status=409)
    # A server may answer the second payment as it answered the first, if it credits nothing.
    if not (context.target.is_strict and again.is_accepted):
        yield from _expect_gain(context, account, after, Decimal(0), again, "by a second payment")
    for call, cause in ((account.cancel, "cancelled"), (account.expire, "expired")):
        answer = call(session)
        if answer.status not in ABSENT:
            yield from context.expect_refusal(answer, f"a completed session is {cause}", status=409)
    yield from _expect_status(context, account, session, "completed", paid, "after being tried again")
    rushed = account.create(dollars=7)
    credits = _credits_for(context, account, rushed)
    before = account.balance()
    answers = account.pay_at_once(rushed, 8)
    accepted = [answer for answer in answers if answer.is_accepted]
    if not accepted or (context.target.is_strict and len(accepted) > 1):
        yield context.violation(
            answers[0], "paid at once", expected="1 payment of 8 accepted", actual=str(len(accepted))
        )
    elif is_right and (gain := account.balance() - before) != credits:
        yield context.violation(accepted[0], "credited at once", expected=str(credits), actual=str(gain))


@rule("payments-at-once-add-up", needs=_PAID, once=True)
def payments_at_once_add_up(context: CheckContext) -> Iterator[Finding]:
    """Payments of several sessions at the same time credit each of them, because none may overwrite another."""
    account = context.account()
    first, second = [account] * 5, _second_accounts(context, 3)
    # Other amounts for the other account: credits that are exchanged would make up for each other.
    owners = [*first, *second]
    sessions = create_at_once(context, owners, [7] * len(first) + [9] * len(second))
    credits = [_credits_for(context, account, sessions[0])] * 5 + [_credits_for(context, second[0], sessions[-1])] * 3
    balances = {owner.key: (owner, owner.balance()) for owner in owners}
    invoices = account.invoice_ids()
    # One of the sessions twice: of its payments one counts.
    answers = account.pay_all_at_once([*sessions, sessions[0]])
    answers = [answers[0] if answers[0].is_accepted else answers[-1], *answers[1:-1]]
    yield from expect_own_redirects(context, "success", list(enumerate(sessions)), answers)
    for key, (owner, before) in balances.items():
        paid = [
            (answer, gain)
            for payer, answer, gain in zip(owners, answers, credits, strict=True)
            if payer.key == key and answer.is_accepted
        ]
        if key == account.key:
            yield from _expect_invoices(context, account, invoices, len(paid))
        if paid:
            expected = sum((gain for _, gain in paid), Decimal(0))
            cause = f"for {len(paid)} payments at once"
            yield from _expect_gain(context, owner, before, expected, paid[0][0], cause)


def _expect_invoices(
    context: CheckContext, account: AccountClient, before: frozenset[str], paid: int
) -> Iterator[Finding]:
    """Yield a finding if some payments have invoices and others have none or several."""
    listing = account.invoice_listing()
    fresh = {str(invoice.get("id")) for invoice in listing.entries} - before
    if fresh and len(fresh) != paid:
        yield context.violation(
            listing.first,
            "invoices of payments at once",
            pointer="/data",
            expected=f"{paid} invoices more",
            actual=f"{len(fresh)} more",
        )


def _second_accounts(context: CheckContext, times: int) -> list[AccountClient]:
    """The account of another owner so many times, or else that of the run."""
    try:
        return [context.second_account()] * times
    except Undecided:
        return [context.account()] * times


@rule("credits-as-sold", needs=_PAID, once=True)
def credits_as_sold(context: CheckContext) -> Iterator[Finding]:
    """A dollar buys as many credits at any amount, and a plan as many as it shows, because that is the price."""
    # The first purchase of an account costs the same as any other.
    account = context.new_account()
    purchases: list[tuple[Rate, Exchange]] = []
    for dollars in (account.dollars(1), account.dollars(_NO_BINARY_CENTS), _LARGEST):
        answer = account.ask(amount=dollars)
        if dollars == _LARGEST and answer.is_refused and not context.target.is_strict:
            continue  # the page names no largest amount
        session = account.created(answer, dollars)
        before = account.balance()
        paid = require_payment(account.pay(session))
        purchases.append((Rate(account.balance() - before, session.dollars), paid))
    rates = [rate for rate, _ in purchases]
    # A rate of whole hundredths shows at 29 dollars; another one is told best by the largest purchase.
    telling = next((rate for rate in rates if rate.is_short), rates[-1])
    if not all(telling.explains(rate, exactly=context.target.is_strict) for rate in rates):
        actual = ", ".join(f"{rate.credits} for {rate.dollars}" for rate in rates)
        yield context.violation(purchases[0][1], "another rate", expected="one rate for all amounts", actual=actual)
    answer = account.ask(mode="subscription", plan_id="plan-basic")
    if answer.is_accepted and Ability.SESSIONS in context.target.abilities:
        session = account.created(answer, 0)
        credits = number_of(account.look(session).at("credits"))
        before = account.balance()
        paid = account.pay(session)
        if paid.is_accepted and credits is not None:
            yield from _expect_gain(context, account, before, credits, paid, "for a plan")


@rule("credits-stay", needs=(*_PAID, Ability.CLOCK), once=True)
def credits_stay(context: CheckContext) -> Iterator[Finding]:
    """Bought credits are still there a day and a year later, because no voice says that they expire."""
    account = context.account()
    paid = require_payment(account.pay(account.create(dollars=7)))
    before = account.balance()
    account.create(dollars=3)
    try:
        for seconds, when in ((25 * 3600, "by a day"), (365 * 24 * 3600, "by a year")):
            account.advance(seconds)
            yield from _expect_gain(context, account, before, Decimal(0), paid, when)
    finally:
        account.reset_clock()


@rule("declined-changes-nothing", needs=(Ability.CREATE, Ability.PAY), once=True)
def declined_changes_nothing(context: CheckContext) -> Iterator[Finding]:
    """A declined card credits nothing and leaves the session open, because the buyer tries another card."""
    account = context.account()
    session = account.create(dollars=50)
    before = account.balance() if Ability.USAGE in context.target.abilities else None
    declined = account.pay(session, card=DECLINED)
    if declined.is_accepted and not context.target.is_strict:
        raise Undecided("the target declines no card")
    yield from context.expect_refusal(declined, "a card that is declined", status=402)
    if declined.is_accepted:
        return
    yield from _expect_status(context, account, session, "pending", declined, "after a declined card")
    if before is not None:
        yield from _expect_gain(context, account, before, Decimal(0), declined, "by a declined card")
    yield from _expect_payment(context, account, session, before, "after a declined card")


@rule("cancelled-changes-nothing", needs=(Ability.CREATE, Ability.PAY, Ability.CANCEL), once=True)
def cancelled_changes_nothing(context: CheckContext) -> Iterator[Finding]:
    """A cancelled session stays open and can be paid, because a buyer who went back may come again."""
    account = context.account()
    session = account.create(dollars=50)
    before = account.balance() if Ability.USAGE in context.target.abilities else None
    cancelled = account.cancel(session)
    if not cancelled.is_accepted:
        yield context.violation(cancelled, "a pending session cannot be cancelled", expected="200")
        return
    yield from _expect_status(context, account, session, "pending", cancelled, "after a cancellation")
    yield from _expect_payment(context, account, session, before, "after a cancellation")


def _expect_payment(
    context: CheckContext, account: AccountClient, session: Session, before: Decimal | None, when: str
) -> Iterator[Finding]:
    credits = _credits_for(context, account, session)
    before = None if before is None else account.balance()
    paid = account.pay(session)
    yield from context.expect_acceptance(paid, f"a payment {when}")
    if paid.is_accepted and before is not None:
        yield from _expect_gain(context, account, before, credits, paid, f"for a payment {when}")


def _expect_status(
    context: CheckContext, account: AccountClient, session: Session, status: str, answer: Exchange, when: str
) -> Iterator[Finding]:
    statuses = [account.look(session).at("status")] if Ability.SESSIONS in context.target.abilities else []
    if Ability.LIST in context.target.abilities:
        statuses.append((account.entry(session) or {}).get("status"))
    wrong = [each for each in statuses if each != status]
    if wrong:
        yield context.violation(answer, f"another status {when}", expected=status, actual=str(wrong[0]))


def _credits_for(context: CheckContext, account: AccountClient, session: Session) -> Decimal:
    """The credits that a payment adds, as the target shows them; else a credit for a dollar."""
    credits = account.look(session).at("credits") if Ability.SESSIONS in context.target.abilities else None
    return Decimal(session.dollars) if (number := number_of(credits)) is None else number


def _expect_gain(
    context: CheckContext, account: AccountClient, before: Decimal, credits: Decimal, answer: Exchange, when: str
) -> Iterator[Finding]:
    gain = account.balance() - before
    if gain != credits:
        yield context.violation(
            answer, f"credits {when}", expected=f"{credits} credits more", actual=f"{gain} credits more"
        )
