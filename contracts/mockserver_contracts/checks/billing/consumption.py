"""Consumption of credits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.billing.account_figures import (
    expect_members,
    expect_no_overdraft,
    require_permitted,
    shown_figures,
)
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import CATEGORY
from mockserver_contracts.target.account_readings import (
    number_of,
)

_CATEGORY: Final = "Indexing für 日本, in more than thirty letters"
# Signs that separate, quote or end a name somewhere.
_ODD: Final = 'search."v2": all'
# Three categories, and sums that are no whole cents.
_SPENT: Final = (
    (Decimal("1.5"), _CATEGORY),
    (Decimal("1.008"), _CATEGORY),
    # The name of a member that every object of JavaScript has.
    (Decimal("1.25"), "constructor"),
    (Decimal("0.104"), _ODD),
)


@rule("consumption-is-counted", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def consumption_is_counted(context: CheckContext) -> Iterator[Finding]:
    """Consumption counts by category, by month and in total, and overdraws nothing, because bills are made of it."""
    account = context.account()
    before = shown_figures(account.usage())
    require_permitted(account.give(10))
    spent: dict[str, Decimal] = {}
    # At the same time, because two uses of one balance may each overwrite the other's.
    answers = account.consume_at_once([(float(credits), category) for credits, category in _SPENT])
    for (credits, category), first in zip(_SPENT, answers, strict=True):
        require_permitted(first)
        # A server may ask to come one after the other.
        is_busy = first.is_refused and not context.target.is_strict
        answer = account.consume(float(credits), category) if is_busy else first
        if category == _ODD and answer.is_refused and not context.target.is_strict:
            continue  # the names of categories are the server's own
        spent[category] = spent.get(category, Decimal(0)) + credits
    usage = account.usage()
    used = sum(spent.values(), Decimal(0))
    gains = {"credit_balance": 10 - used, "usage_this_month": used, "credit_used": used}
    expected = {name: before[name] + gain for name, gain in gains.items() if name in before}
    yield from expect_members(context, usage, expected)
    for category, least in spent.items() if _has_breakdown(context, usage) else ():
        actual = number_of(usage.at("data", "breakdown", category))
        if actual is None or actual < least:
            pointer = f"/data/breakdown/{category}"
            yield context.violation(usage, category, pointer=pointer, expected=f"at least {least}", actual=str(actual))
    excess = yield from expect_no_overdraft(
        context, account, expected["credit_balance"], "more than there is", figures=expected
    )
    try:
        # The same month of another year is another month.
        account.advance(365 * 24 * 3600)
        later = {"usage_this_month": Decimal(0), "credit_used": expected.get("credit_used", Decimal(0)) + excess}
        later = {name: value for name, value in later.items() if name in before}
        usage = account.usage()
        yield from expect_members(context, usage, later, "in another month")
        breakdown = usage.at("data", "breakdown")
        is_empty = isinstance(breakdown, dict) and not any(breakdown.values())
        if _has_breakdown(context, usage) and not is_empty:
            yield context.violation(
                usage,
                "breakdown in another month",
                pointer="/data/breakdown",
                expected="nothing but zeros",
                actual=str(breakdown),
            )
    finally:
        account.reset_clock()


def _has_breakdown(context: CheckContext, usage: Exchange) -> bool:
    """The usage statistics count by category; another server may leave that out, or say null for nothing."""
    return context.target.is_strict or usage.at("data", "breakdown") is not None


@rule("consumption-is-exact", needs=(Ability.CREATE, Ability.USAGE, Ability.FREE), once=True)
def consumption_is_exact(context: CheckContext) -> Iterator[Finding]:
    """Tenths and thousandths of a credit add up, because money that is rounded or a binary fraction gets lost."""
    # What an account consumed before can make the binary sum right by chance.
    account = context.new_account()
    first = account.usage()
    require_permitted(account.give(1))
    if first.is_refused:
        if first.status not in (401, 403):  # some order may have to open the account
            yield context.violation(first, "usage of a new account", expected="200")
        return
    before = shown_figures(first)
    # In binary neither the sum is the decimal one, nor what these leave of a credit.
    for credits in (0.1, 0.7, 0.003, 0.1):
        require_permitted(account.consume(credits))
    used = Decimal("0.903")
    later: dict[str, Any] = {
        name: before[name] + used for name in ("usage_this_month", "credit_used") if name in before
    }
    expected = {"credit_balance": before["credit_balance"] + 1 - used, **later}
    usage = account.usage()
    yield from expect_members(context, usage, expected, "after tenths and a thousandth")
    counted = number_of(usage.at("data", "breakdown", CATEGORY))
    wanted = (number_of(first.at("data", "breakdown", CATEGORY)) or Decimal(0)) + used
    # That the category is there at all is decided by another rule.
    if counted not in (None, wanted):
        pointer = f"/data/breakdown/{CATEGORY}"
        yield context.violation(usage, "a category", pointer=pointer, expected=str(wanted), actual=str(counted))
    if Ability.PAY in context.target.abilities and account.pay(account.create(dollars=1)).is_accepted:
        yield from expect_members(context, account.usage(), later, "after a purchase")
