"""Consumption of credits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.billing.account_figures import (
    all_figures,
    expect_members,
    expect_no_overdraft,
    require_permitted,
)
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import (
    number_of,
    usage_figures,
)
from mockserver_contracts.target.undecided import Undecided

_CATEGORY: Final = "Indexing für 日本, in more than thirty letters"


@rule("consumption-is-counted", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def consumption_is_counted(context: CheckContext) -> Iterator[Finding]:
    """Consumption counts by category, by month and in total, and overdraws nothing, because bills are made of it."""
    account = context.account()
    before = all_figures(account)
    require_permitted(account.give(10))
    require_permitted(account.consume(1.5, _CATEGORY))
    account.consume(1, _CATEGORY)
    # The name of a member that every object of JavaScript has.
    account.consume(1.25, "constructor")
    usage = account.usage()
    used = Decimal("3.75")
    expected = {
        "credit_balance": before["credit_balance"] + 10 - used,
        "usage_this_month": before["usage_this_month"] + used,
        "credit_used": before["credit_used"] + used,
    }
    yield from expect_members(context, usage, expected)
    for category, credits in ((_CATEGORY, Decimal("2.5")), ("constructor", Decimal("1.25"))):
        actual = number_of(usage.at("data", "breakdown", category))
        if actual is None or actual < credits:
            pointer = f"/data/breakdown/{category}"
            yield context.violation(
                usage, category, pointer=pointer, expected=f"at least {credits}", actual=str(actual)
            )
    excess = yield from expect_no_overdraft(context, account, expected["credit_balance"], "more than there is")
    try:
        # The same month of another year is another month.
        account.advance(365 * 24 * 3600)
        later = {"usage_this_month": 0, "credit_used": expected["credit_used"] + excess}
        usage = account.usage()
        yield from expect_members(context, usage, later, "in another month")
        breakdown = usage.at("data", "breakdown")
        if not isinstance(breakdown, dict) or any(breakdown.values()):
            yield context.violation(
                usage,
                "breakdown in another month",
                pointer="/data/breakdown",
                expected="nothing but zeros",
                actual=str(breakdown),
            )
    finally:
        account.reset_clock()


@rule("consumption-is-exact", needs=(Ability.CREATE, Ability.USAGE, Ability.FREE), once=True)
def consumption_is_exact(context: CheckContext) -> Iterator[Finding]:
    """Tenths and thousandths of a credit add up, because money that is rounded or a binary fraction gets lost."""
    # What an account consumed before can make the binary sum right by chance.
    account = context.new_account()
    require_permitted(account.give(1))
    before = usage_figures(account)
    if "credit_balance" not in before:
        raise Undecided("the usage statistics do not tell the balance")
    # In binary neither the sum is the decimal one, nor what these leave of a credit.
    for credits in (0.1, 0.7, 0.003, 0.1):
        require_permitted(account.consume(credits))
    used = Decimal("0.903")
    later: dict[str, Any] = {
        name: before[name] + used for name in ("usage_this_month", "credit_used") if name in before
    }
    expected = {"credit_balance": before["credit_balance"] - used, **later}
    yield from expect_members(context, account.usage(), expected, "after tenths and a thousandth")
    if Ability.PAY in context.target.abilities and account.pay(account.create(dollars=1)).is_accepted:
        yield from expect_members(context, account.usage(), later, "after a purchase")
