"""Credits: how many, whose and when; and where the browser goes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mockserver_contracts.checks.context import CheckContext, another_key
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided

_PAID = (Ability.CREATE, Ability.PAY, Ability.USAGE)
_TEMPLATE = "{CHECKOUT_SESSION_ID}"


@check("credits-added-immediately", needs=_PAID)
def credits_added_immediately(context: CheckContext) -> Iterator[Finding]:
    """The very next look shows what was bought."""
    account = context.account()
    for dollars in (50, 7):
        session = account.create(dollars=dollars)
        bought = _credits(context, account, session)
        before = account.balance()
        paid = _paid(account, session)
        yield from _gained(context, account, before, bought, paid, "after a payment")


@check("no-credits-without-payment", needs=(Ability.CREATE, Ability.USAGE))
def no_credits_without_payment(context: CheckContext) -> Iterator[Finding]:
    """Neither creating nor cancelling nor expiring is paying."""
    account = context.account()
    before = account.balance()
    session, other = account.create(dollars=50), account.create(dollars=7)
    yield from _gained(context, account, before, Decimal(0), session.answer, "by creation")
    context.need(Ability.CANCEL)
    cancelled = account.cancel(session)
    yield from _gained(context, account, before, Decimal(0), cancelled, "by cancellation")
    expired = account.expire(other)
    yield from _gained(context, account, before, Decimal(0), expired, "by expiry")
    if not expired.is_accepted:
        raise Undecided("no control of expiry")


@check("usage-shows-use-and-balance", needs=(Ability.USAGE,))
def usage_shows_use_and_balance(context: CheckContext) -> Iterator[Finding]:
    """Two numbers at least, the credits left and the credits used."""
    accounts = [context.account()]
    if Ability.ACCOUNTS in context.has:
        accounts.append(AccountClient(context.client, f"{another_key(accounts[0].key)}-new"))
    for account in accounts:
        yield from _shows_both(context, account)


def _shows_both(context: CheckContext, account: AccountClient) -> Iterator[Finding]:
    answer = account.usage()
    if not answer.is_accepted:
        raise Undecided(f"the target answered {answer.status}")
    data: dict[str, Any] = answer.at("data") if isinstance(answer.at("data"), dict) else {}
    if not _is_number(data.get("credit_balance")):
        yield context.broken(answer, "no balance", pointer="/data/credit_balance", expected="a number")
    if not any(_is_number(data.get(name)) for name in ("usage_this_month", "credit_used")):
        yield context.broken(answer, "no use", pointer="/data/usage_this_month", expected="a number")


@check("success-url-after-payment", needs=(Ability.CREATE, Ability.PAY))
def success_url_after_payment(context: CheckContext) -> Iterator[Finding]:
    """The URL of this session, with its id where that is asked for."""
    account = context.account()
    plain, asking = "https://shop.example/thanks?a=1", f"https://shop.example/ok?session={_TEMPLATE}&b=2"
    for url in (plain, asking):
        session = account.create(
            dollars=50, success_url=url, successUrl=url, **_both("cancel", "https://shop.example/no")
        )
        yield from _leads(context, _paid(account, session), url.replace(_TEMPLATE, session.id), "after payment")


@check("cancel-url-after-cancellation", needs=(Ability.CREATE, Ability.CANCEL))
def cancel_url_after_cancellation(context: CheckContext) -> Iterator[Finding]:
    """The URL of this session."""
    account = context.account()
    url = "https://shop.example/cart?b=2"
    session = account.create(dollars=50, cancel_url=url, cancelUrl=url, **_both("success", "https://shop.example/yes"))
    answer = account.cancel(session)
    if not answer.is_accepted:
        raise Undecided("the session cannot be cancelled")
    yield from _leads(context, answer, url, "after cancellation")


@check("redirects-in-snake-case", needs=(Ability.CREATE, Ability.PAY))
def redirects_in_snake_case(context: CheckContext) -> Iterator[Finding]:
    """As the Python sample writes them."""
    yield from _reads(context, "success_url", "cancel_url")


@check("redirects-in-camel-case", needs=(Ability.CREATE, Ability.PAY))
def redirects_in_camel_case(context: CheckContext) -> Iterator[Finding]:
    """As the JavaScript sample writes them."""
    yield from _reads(context, "successUrl", "cancelUrl")


@rule("paid-once", needs=_PAID, once=True)
def paid_once(context: CheckContext) -> Iterator[Finding]:
    """However often and at once a session is paid, it is paid once."""
    account = context.account()
    session = account.create(dollars=50)
    bought = _credits(context, account, session)
    before = account.balance()
    paid = _paid(account, session)
    after = account.balance()
    is_right = after - before == bought
    again = account.pay(session)
    yield from context.refused(again, "a completed session is paid again", exactly=409)
    if not again.is_accepted:
        yield from _gained(context, account, after, Decimal(0), again, "by a second payment")
    for call, cause in ((account.cancel, "cancelled"), (account.expire, "expired")):
        answer = call(session)
        if answer.status not in (404, 405, 501):
            yield from context.refused(answer, f"a completed session is {cause}", exactly=409)
    yield from _is(context, account, session, "completed", paid, "after being tried again")
    rushed = account.create(dollars=7)
    bought = _credits(context, account, rushed)
    before = account.balance()
    answers = account.pay_at_once(rushed, 8)
    accepted = [answer for answer in answers if answer.is_accepted]
    if len(accepted) != 1:
        yield context.broken(answers[0], "paid at once", expected="1 payment of 8 accepted", actual=str(len(accepted)))
    elif is_right and (gain := account.balance() - before) != bought:
        yield context.broken(accepted[0], "credited at once", expected=str(bought), actual=str(gain))


@rule("credits-as-sold", needs=_PAID, once=True)
def credits_as_sold(context: CheckContext) -> Iterator[Finding]:
    """A dollar buys the same number of credits, however many are spent, and a plan what it says."""
    account = context.account()
    rates = {}
    for dollars in (1, 3, 999_999):
        session = account.create(dollars=dollars)
        before = account.balance()
        paid = _paid(account, session)
        rates[(account.balance() - before) / dollars] = paid
    if len(rates) > 1:
        told = ", ".join(str(rate) for rate in rates)
        yield context.broken(
            next(iter(rates.values())), "another rate", expected="one rate for all amounts", actual=told
        )
    answer = account.ask(mode="subscription", plan_id="plan-basic")
    if answer.is_accepted and Ability.SESSIONS in context.has:
        session = account.created(answer, 0)
        told_credits = account.look(session).at("credits")
        before = account.balance()
        paid = account.pay(session)
        if paid.is_accepted and _is_number(told_credits):
            yield from _gained(context, account, before, Decimal(told_credits), paid, "for a plan")


@rule("credits-stay", needs=(*_PAID, Ability.CLOCK), once=True)
def credits_stay(context: CheckContext) -> Iterator[Finding]:
    """What was bought is there the next day."""
    account = context.account()
    paid = _paid(account, account.create(dollars=7))
    before = account.balance()
    account.create(dollars=3)
    try:
        account.advance(25 * 3600)
        yield from _gained(context, account, before, Decimal(0), paid, "by a day")
    finally:
        account.reset_clock()


@rule("declined-changes-nothing", needs=(Ability.CREATE, Ability.PAY), once=True)
def declined_changes_nothing(context: CheckContext) -> Iterator[Finding]:
    """A declined card credits nothing and closes nothing."""
    account = context.account()
    session = account.create(dollars=50)
    before = account.balance() if Ability.USAGE in context.has else None
    declined = account.pay(session, card=DECLINED)
    if declined.is_accepted and not context.is_strict:
        raise Undecided("the target declines no card")
    yield from context.refused(declined, "a card that is declined", exactly=402)
    if declined.is_accepted:
        return
    yield from _is(context, account, session, "pending", declined, "after a declined card")
    if before is not None:
        yield from _gained(context, account, before, Decimal(0), declined, "by a declined card")
    yield from _payable(context, account, session, before, "after a declined card")


@rule("cancelled-changes-nothing", needs=(Ability.CREATE, Ability.PAY, Ability.CANCEL), once=True)
def cancelled_changes_nothing(context: CheckContext) -> Iterator[Finding]:
    """Cancelling only leads back: the session can be paid afterwards."""
    account = context.account()
    session = account.create(dollars=50)
    before = account.balance() if Ability.USAGE in context.has else None
    cancelled = account.cancel(session)
    if not cancelled.is_accepted:
        yield context.broken(cancelled, "a pending session cannot be cancelled", expected="200")
        return
    yield from _is(context, account, session, "pending", cancelled, "after a cancellation")
    yield from _payable(context, account, session, before, "after a cancellation")


def _payable(
    context: CheckContext, account: AccountClient, session: Session, before: Decimal | None, when: str
) -> Iterator[Finding]:
    bought = _credits(context, account, session)
    before = None if before is None else account.balance()
    paid = account.pay(session)
    yield from context.accepted(paid, f"a payment {when}")
    if paid.is_accepted and before is not None:
        yield from _gained(context, account, before, bought, paid, f"for a payment {when}")


def _is(
    context: CheckContext, account: AccountClient, session: Session, status: str, answer: Exchange, when: str
) -> Iterator[Finding]:
    shown = [account.look(session).at("status")] if Ability.SESSIONS in context.has else []
    if Ability.LIST in context.has:
        shown.append((account.entry(session) or {}).get("status"))
    wrong = [each for each in shown if each != status]
    if wrong:
        yield context.broken(answer, f"another status {when}", expected=status, actual=str(wrong[0]))


def _credits(context: CheckContext, account: AccountClient, session: Session) -> Decimal:
    """What paying the session gives: as the target tells it, else a credit for a dollar."""
    told = account.look(session).at("credits") if Ability.SESSIONS in context.has else None
    return Decimal(str(told)) if _is_number(told) else Decimal(session.dollars)


def _paid(account: AccountClient, session: Session) -> Exchange:
    answer = account.pay(session)
    if not answer.is_accepted:
        raise Undecided("the session cannot be paid")
    return answer


def _gained(
    context: CheckContext, account: AccountClient, before: Decimal, credits: Decimal, answer: Exchange, when: str
) -> Iterator[Finding]:
    gain = account.balance() - before
    if gain != credits:
        yield context.broken(
            answer, f"credits {when}", expected=f"{credits} credits more", actual=f"{gain} credits more"
        )


def _leads(context: CheckContext, answer: Exchange, url: str, when: str) -> Iterator[Finding]:
    body = answer.json
    if not isinstance(body, dict) or "redirect_url" not in body:
        raise Undecided("the target does not tell where the browser is sent")
    if body["redirect_url"] != url:
        yield context.broken(
            answer, f"sent elsewhere {when}", pointer="/redirect_url", expected=url, actual=str(body["redirect_url"])
        )


def _reads(context: CheckContext, success: str, cancel: str) -> Iterator[Finding]:
    account = context.account()
    fields: dict[str, Any] = {success: "https://shop.example/a", cancel: "https://shop.example/b"}
    session = account.create(dollars=50, **fields)
    if Ability.CANCEL in context.has:
        cancelled = account.cancel(session)
        if cancelled.is_accepted:
            yield from _leads(context, cancelled, fields[cancel], "after cancellation")
    paid = account.pay(session)
    if paid.is_accepted:
        yield from _leads(context, paid, fields[success], "after payment")
    else:
        raise Undecided("the session cannot be paid")


def _both(name: str, url: str) -> dict[str, Any]:
    return {f"{name}_url": url, f"{name}Url": url}


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
