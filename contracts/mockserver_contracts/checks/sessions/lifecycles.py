"""Whole lifecycles: many sessions side by side, each with other attempts, payments and reads.

Other checks test one behaviour each. Some faults show only with one kind of order, after one kind of attempt, or at a
later read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.expected_account import ExpectedAccount, Lifecycle
from mockserver_contracts.checks.sessions.order_samples import ORDER_SAMPLES
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED
from mockserver_contracts.target.answer import parse_time
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_LATER: Final = 600
_LONG_MONTH: Final = 31
_OTHER_CARD: Final = "5555555555554444"
_NO_FUNDS: Final = "4000000000009995"
# See Lifecycle.attempts.
_ATTEMPTS: Final = ("", "d", "c", "dc", "cc", "ddd", "cd")
_SAMPLE_SIZE: Final = 6


@rule("whole-lives", needs=(Ability.CREATE, Ability.LIST, Ability.PAY, Ability.FREE), once=True)
def whole_lives(context: CheckContext) -> Iterator[Finding]:
    """Sessions of every kind, side by side, keep to their own state, because one fault shows with one kind only."""
    account = other = context.account()
    with contextlib.suppress(Undecided):
        account = context.second_account()  # most checks use the first one
    expected = ExpectedAccount(context, account)
    if Ability.USAGE in context.target.abilities:
        expected.read_usage()
    if other.key != account.key:
        expected.foreign_ids = {other.create(dollars=order.dollars).id for order in ORDER_SAMPLES[:2]}
    has_clock = Ability.CLOCK in context.target.abilities and account.freeze()
    stages = (_create_all, _attempt_all, _pay_half)
    try:
        # A fault of one stage shows again in the later ones: the first stage with findings is enough.
        for stage in (*stages, _expire_rest, _try_closed, _check_after_month) if has_clock else stages:
            findings = list(stage(expected))
            yield from findings
            if findings:
                return
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()


def _create_all(expected: ExpectedAccount) -> Iterator[Finding]:
    """Create two sessions of each kind, one to pay and one to expire. The second half follows an hour later."""
    for half in (0, 1):
        for number, order in enumerate(ORDER_SAMPLES):
            answer = expected.account.ask(**order.fields)
            if not answer.is_accepted:
                # Other checks decide whether the order must be accepted.
                continue
            session = expected.account.created(answer, order.dollars)
            attempts = _ATTEMPTS[(number + 3 * half) % len(_ATTEMPTS)]
            # Old and new sessions are among both the paid and the expired ones.
            is_paid = (number + half) % 2 == 1
            expected.lifecycles.append(Lifecycle(order, session, attempts, is_paid=is_paid, is_later=half == 1))
        if half == 0 and Ability.CLOCK in expected.context.target.abilities:
            expected.account.advance(_HOUR)
    yield from _open_pages(expected)
    yield from expected.compare_list("when it is new")
    yield from expected.compare_usage("when nothing is paid")


def _open_pages(expected: ExpectedAccount) -> Iterator[Finding]:
    """Open the page of one session of each kind, if the target serves them."""
    with contextlib.suppress(LeadsElsewhere):
        for lifecycle in (each for each in expected.lifecycles if each.is_later):
            page = open_page(expected.context.target.client, lifecycle.session.url).answer
            if page.status >= 400:
                yield expected.context.violation(
                    page, f"the page of {lifecycle.order.name}", operation="GET the session's URL", expected="200"
                )
                return


def _attempt_all(expected: ExpectedAccount) -> Iterator[Finding]:
    """Decline and cancel sessions; they stay open."""
    cards = (DECLINED, _NO_FUNDS)
    for number, lifecycle in enumerate(expected.lifecycles):
        for attempt in lifecycle.attempts:
            if attempt == "d":
                answer = expected.account.pay(lifecycle.session, card=cards[number % 2])
                if answer.is_accepted:
                    # The target's control API knows no declined cards: this session is paid.
                    raise Undecided("the target declines no card")
            elif Ability.CANCEL in expected.context.target.abilities:
                answer = expected.account.cancel(lifecycle.session)
                if answer.is_accepted:
                    cancel_url = lifecycle.order.cancel_url
                    yield from expected.compare_redirect(answer, lifecycle, cancel_url, "cancel URL")
    yield from expected.compare_list("when it was tried")
    yield from expected.compare_usage("when it was tried")


def _pay_half(expected: ExpectedAccount) -> Iterator[Finding]:
    """Pay one session of each kind; equal orders buy equal credits."""
    if Ability.CLOCK in expected.context.target.abilities:
        expected.account.advance(_LATER)
    invoices = expected.account.invoice_ids()
    # The oldest is paid last: a list that is ordered by the last change shows another order.
    for lifecycle in reversed(expected.lifecycles):
        if lifecycle.is_paid:
            yield from expected.pay(lifecycle)
    yield from expected.compare_list("when others were paid")
    yield from expected.compare_invoices(invoices)


def _expire_rest(expected: ExpectedAccount) -> Iterator[Finding]:
    """Let the other sessions expire: each 24 hours after its own creation, whatever its attempts."""
    unpaid = [lifecycle for lifecycle in expected.lifecycles if not lifecycle.is_paid]
    first = [lifecycle for lifecycle in unpaid if not lifecycle.is_later]
    second = [lifecycle for lifecycle in unpaid if lifecycle.is_later]
    # Whether the last instant of the 24 hours belongs to them is the server's own choice.
    late = 0 if expected.context.target.is_strict else 1
    expected.account.advance(_DAY - _HOUR - _LATER - 1)
    for expiring, wait in ((first, _HOUR - 1 - late), (second, 0)):
        yield from expected.compare_list("in its last second")
        expected.account.advance(1 + late)
        for lifecycle in expiring:
            lifecycle.status = "expired"
        yield from expected.compare_list("when its life is over")
        if wait:
            expected.account.advance(wait)


def _try_closed(expected: ExpectedAccount) -> Iterator[Finding]:
    """Pay and cancel some of the expired and of the completed sessions; nothing changes."""
    by_end = sorted(expected.lifecycles, key=lambda lifecycle: lifecycle.is_later)
    expired = [lifecycle for lifecycle in by_end if not lifecycle.is_paid]
    paid = [lifecycle for lifecycle in expected.lifecycles if lifecycle.is_paid]
    for closed, when in ((expired, "when its life was over"), (paid, "a day after its payment")):
        for number, lifecycle in enumerate(closed[:: max(len(closed) // _SAMPLE_SIZE, 1)]):
            if number % 3 == 2 and Ability.CANCEL in expected.context.target.abilities:
                yield from expected.cancel_closed(lifecycle, when=when)
            else:
                yield from expected.pay_closed(lifecycle, card=_OTHER_CARD if number % 3 else None, when=when)
    yield from expected.compare_list("a day later")
    yield from expected.compare_usage("a day later")


def _check_after_month(expected: ExpectedAccount) -> Iterator[Finding]:
    """Compare again a month later, and check the lifetime of a new session."""
    # A day has passed already.
    expected.account.advance((_days_to_its_day(expected.lifecycles) - 1) * _DAY)
    order = ORDER_SAMPLES[0]
    late = Lifecycle(order, expected.account.create(dollars=order.dollars), "", is_paid=False)
    expected.lifecycles.append(late)
    yield from expected.compare_list("a month later")
    paid = next((each for each in expected.lifecycles if each.is_paid), None)
    if paid is not None:
        yield from expected.pay_closed(paid, card=None, when="a month after its payment")
    yield from expected.compare_usage("a month later")
    begin, end = parse_time(late.created_at), parse_time(late.session.expires_at)
    if begin is not None and end is not None and abs((end - begin).total_seconds() - _DAY) > 1:
        yield expected.context.violation(
            late.session.answer,
            "another lifetime is announced",
            expected="24 hours after its creation",
            actual=str(end - begin),
        )


def _days_to_its_day(lifecycles: Sequence[Lifecycle]) -> int:
    """The days from the creation of the first session to its day of a later month, 31 or more.

    The difference of the two dates is a number of months and no day: who reads its days alone finds a new session.
    """
    begin = parse_time(lifecycles[0].created_at) if lifecycles else None
    if begin is None:
        return _LONG_MONTH
    days = range(_LONG_MONTH, 3 * _LONG_MONTH)
    return next(number for number in days if (begin + timedelta(days=number)).day == begin.day)
