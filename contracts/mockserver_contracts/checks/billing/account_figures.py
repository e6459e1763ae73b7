"""Readings of an account, compared with what a billing check expects of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import (
    figures_on,
    invoices_on,
    require_operation,
)
from mockserver_contracts.target.paging import Listing
from mockserver_contracts.target.undecided import Undecided


def shown_figures(usage: Exchange) -> dict[str, Decimal]:
    """Return the numbers of the usage statistics that the target shows. Raise Undecided without the balance."""
    figures = figures_on(usage)
    if "credit_balance" not in figures:
        raise Undecided("the usage statistics do not tell the balance")
    return figures


def require_permitted(answer: Exchange) -> None:
    """Raise Undecided if the target lacks the operation or does not permit it."""
    require_operation(answer)
    if answer.status in (401, 403):
        raise Undecided("not implemented by the target")


def invoice_ids(account: AccountClient) -> frozenset[str]:
    """Return the ids of the account's invoices. Raise Undecided if the target has no invoices."""
    return ids_of_invoices(account.invoice_listing())


def ids_of_invoices(listing: Listing) -> frozenset[str]:
    """Return the ids of listed invoices. Raise Undecided if the target has no invoices."""
    require_permitted(listing.first)
    invoices_of(listing.first)
    return frozenset(str(invoice.get("id")) for invoice in listing.entries)


def invoices_of(page: Exchange) -> list[dict[str, Any]]:
    invoices = invoices_on(page)
    if invoices is None:
        raise Undecided("the target shows no list of invoices")
    return invoices


def expect_members(
    context: CheckContext,
    answer: Exchange,
    expected: dict[str, Any],
    when: str = "",
    *,
    severity: Severity = "error",
) -> Iterator[Finding]:
    """Yield a finding for each member of `data` that has another value."""
    for name, value in expected.items():
        actual = answer.at("data", name)
        if actual != value:
            cause = f"{name} {when}".strip()
            yield context.violation(
                answer, cause, pointer=f"/data/{name}", expected=str(value), actual=str(actual), severity=severity
            )


def expect_no_overdraft(
    context: CheckContext,
    account: AccountClient,
    balance: Decimal,
    cause: str,
    *,
    recharge: Decimal = Decimal(0),  # a constant
    figures: Mapping[str, Decimal] = MappingProxyType({}),
) -> Generator[Finding, None, Decimal]:
    """Yield a finding if more than balance and recharge can be consumed, unless the profile allows an overdraft.

    A refusal leaves balance and figures as they are. Return the credits that were consumed all the same. That there is
    no overdraft is our assumption.
    """
    if context.target.allows_overdraft:
        return Decimal(0)
    credits = balance + recharge + Decimal("0.5")
    excessive = account.consume(float(credits))
    if excessive.is_accepted:
        yield context.violation(
            excessive, cause, expected="a refusal (4xx)", severity=context.target.severity_of_assumption
        )
        return credits
    yield from context.expect_refusal(excessive, cause, status=402)
    yield from expect_members(context, account.usage(), {**figures, "credit_balance": balance}, "after a refusal")
    return Decimal(0)
