"""Auto recharge: credits that are bought when few are left."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mockserver_contracts.checks.billing.account_figures import (
    expect_members,
    expect_no_overdraft,
    invoice_ids,
    require_permitted,
    shown_figures,
)
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import (
    number_of,
)
from mockserver_contracts.target.undecided import Undecided

_UNDER: Final = "under the threshold"
_SPENT: Final = Decimal("20.25")
"""Credits that are consumed before the first recharge."""


@rule("auto-recharge-charges-once", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def auto_recharge_charges_once(context: CheckContext) -> Iterator[Finding]:
    """A balance below the threshold is recharged once, and no other is, because each recharge charges a card."""
    account = context.account()
    require_permitted(account.auto_recharge())
    require_permitted(account.give(100))
    known, before = invoice_ids(account), shown_figures(account.usage())
    full = before["credit_balance"]
    # A part of a credit: a server that drops it recharges later.
    threshold = full - _SPENT
    changed = account.set_auto_recharge(enabled=True, threshold=float(threshold), amount=20)
    if changed.is_refused and not context.target.is_strict:
        threshold = Decimal(int(threshold))
        changed = account.set_auto_recharge(enabled=True, threshold=int(threshold), amount=20)
    if changed.is_refused and not context.target.is_strict:
        raise Undecided("the target takes other settings of auto recharge")
    yield from context.expect_acceptance(changed, "settings")
    settings = {"enabled": True, "threshold": threshold, "amount": 20}
    for when in ("", "at a second look"):
        yield from expect_members(context, account.auto_recharge(), settings, when)
    bought = _credits_for_a_recharge(context, account)
    # Each step: the credits consumed, and the balance afterwards.
    steps = (
        (full - threshold, threshold, "at the threshold"),
        (Decimal("0.25"), threshold - Decimal("0.25") + bought, _UNDER),
        # One recharge leaves it under the threshold: it is charged once all the same.
        (bought + 30, left := threshold - Decimal("30.25") + bought, "far under"),
    )
    used = Decimal(0)
    for consumed, balance, when in steps:
        require_permitted(account.consume(float(consumed)))
        used += consumed
        usage = account.usage()
        is_short = when == _UNDER and number_of(usage.at("data", "credit_balance")) == balance - bought
        if is_short and not context.target.is_strict:
            cause = _fault_of_recharge(account, left=balance - bought, bought=bought, known=known)
            # That consumption through a control API is followed by a recharge is our assumption.
            severity: Severity = "error" if cause is not None else "info"
            title = f"{cause or 'no recharge'} {when}"
            yield context.violation(
                usage, title, pointer="/data/credit_balance", expected=str(balance), severity=severity
            )
            account.set_auto_recharge(enabled=False)
            return
        # What a recharge buys is no use.
        counted = {name: before[name] + used for name in ("credit_used",) if name in before}
        yield from expect_members(context, usage, {"credit_balance": balance, **counted}, when)
    if (yield from expect_no_overdraft(context, account, left, "more than a recharge buys", recharge=bought)):
        return
    listing = account.invoice_listing()
    page = listing.first
    amounts = [invoice.get("amount") for invoice in listing.entries if str(invoice.get("id")) not in known]
    if amounts != [20, 20] and (listing.entries or context.target.is_strict):
        yield context.violation(page, "invoices", pointer="/data", expected="two of 20", actual=str(amounts))
    for threshold in (Decimal(0), full - 21):
        account.set_auto_recharge(enabled=False, threshold=float(threshold))
        if threshold:
            # One member is right and comes first: a refusal stores none of them.
            refused = account.set_auto_recharge(enabled=True, threshold=1, amount="twenty")
            yield from context.expect_refusal(refused, "an amount of text", status=400)
        shown = account.auto_recharge()
        yield from expect_members(context, shown, {"enabled": False, "threshold": threshold}, "once it is off")
        # That settings which are left out stay is our assumption.
        severity = context.target.severity_of_assumption
        yield from expect_members(context, shown, {"amount": 20}, "left out", severity=severity)
    account.consume(float(left))
    yield from expect_members(context, account.usage(), {"credit_balance": 0}, "once it is off")


def _fault_of_recharge(account: AccountClient, *, left: Decimal, bought: Decimal, known: frozenset[str]) -> str | None:
    """The fault of a recharge that did not come in time; None if the target makes none at all."""
    if any(str(invoice.get("id")) not in known for invoice in account.invoice_listing().entries):
        return "charged without credits"
    account.consume(float(left + bought / 2))
    later = number_of(account.usage().at("data", "credit_balance"))
    return "recharged too late" if later == bought - bought / 2 else None


def _credits_for_a_recharge(context: CheckContext, account: AccountClient) -> Decimal:
    """The credits for 20 dollars, as the target shows them for a session; else a credit for a dollar."""
    if Ability.SESSIONS not in context.target.abilities:
        return Decimal(20)
    session = account.create(dollars=20)
    credits = number_of(account.look(session).at("credits"))
    return Decimal(20) if credits is None else credits * 20 / session.dollars
