"""The end of a month for the usage statistics, from both sides of midnight."""

from __future__ import annotations

import contextlib
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import number_of
from mockserver_contracts.target.undecided import Undecided

_LONG: Final = 31
_TO_ITS_END: Final = (_LONG - 1) * 24 * 3600
"""From the first to the last day of a long month: other weeks, and another period of 30 days."""


@rule("month-ends-at-midnight", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def month_ends_at_midnight(context: CheckContext) -> Iterator[Finding]:
    """Consumption counts for the month in which it was, up to its last second, because bills are by the month."""
    account = context.account()
    if not account.freeze() or (now := account.now()) is None:
        raise Undecided("the clock does not stand still")
    try:
        if not account.set_clock(_month_after(now) - timedelta(seconds=1)):
            raise Undecided("the clock cannot be set")
        before = _used(account.usage())
        if not account.give(10).is_accepted or not account.consume(2).is_accepted:
            raise Undecided("no control of consumption")
        last = account.usage()
        yield from _expect(context, last, before + 2, "in the last second of a month")
        account.advance(1)
        first = account.usage()
        yield from _expect(context, first, Decimal(0), "in the first second of a month")
        if _used(first) == 0 and account.consume(1).is_accepted:
            yield from _expect(context, account.usage(), Decimal(1), "of the first second of a month")
            account.advance(_TO_ITS_END)
            yield from _expect(context, account.usage(), Decimal(1), "of the first day on the last of the same month")
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()


def _month_after(now: datetime) -> datetime:
    """The beginning of a month of 31 days, the next but one or later: on this month's last day the next is too near."""
    months = now.year * 12 + now.month - 1 + 2
    month = next(each for each in range(months, months + 3) if monthrange(each // 12, each % 12 + 1)[1] == _LONG)
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _used(usage: Exchange) -> Decimal:
    used = number_of(usage.at("data", "usage_this_month"))
    if used is None:
        raise Undecided("the usage statistics tell no use")
    return used


def _expect(context: CheckContext, usage: Exchange, expected: Decimal, when: str) -> Iterator[Finding]:
    used = _used(usage)
    if used != expected:
        # The page names no time zone for months.
        severity: Severity = "error" if context.target.is_strict else "warning"
        yield context.violation(
            usage,
            f"usage {when}",
            pointer="/data/usage_this_month",
            expected=str(expected),
            actual=str(used),
            severity=severity,
        )
