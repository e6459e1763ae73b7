"""The usage statistics as one witness saw them: units of resources, their prices, and a balance below zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import number_of
from mockserver_contracts.target.answer import is_absent
from mockserver_contracts.target.undecided import Undecided

OVERDRAFT: Final = "balance-may-be-negative"
"""The claim that allows an overdraft."""
NO_CONSUMPTION: Final = "no control of consumption"
_RESOURCE: Final = "transcription"
_UNITS: Final = 120
_FUNDS: Final = 10
# A price of few digits times units may leave the rest of a binary fraction.
_EXACT: Final = Decimal("0.000001")


@check("units-flat-in-data", needs=(Ability.USAGE,))
def units_flat_in_data(context: CheckContext) -> Iterator[Finding]:
    """Each resource of cost_metric has its units in data, and consumed units are among them."""
    consumed, usage = _use(context)
    prices = _prices(usage)
    if not prices:
        yield context.violation(usage, "no names", pointer="/data/cost_metric", expected="units under its names")
    for resource in prices:
        if _units(usage, resource) is None:
            yield context.violation(usage, "no units", pointer=f"/data/{resource}", expected="a number of units")
            return
    if consumed and (units := _units(usage, _RESOURCE)) != _UNITS:
        yield context.violation(
            usage, "other units", pointer=f"/data/{_RESOURCE}", expected=str(_UNITS), actual=str(units)
        )


@check("cost-metric-has-prices", needs=(Ability.USAGE,))
def cost_metric_has_prices(context: CheckContext) -> Iterator[Finding]:
    """cost_metric is an object of numbers."""
    usage = _usage(context)
    found = usage.at("data", "cost_metric")
    if not isinstance(found, dict):
        yield context.violation(usage, "no prices", pointer="/data/cost_metric", expected="an object of prices")
        return
    for resource, price in found.items():
        if number_of(price) is None:
            pointer = f"/data/cost_metric/{resource}"
            yield context.violation(usage, "no number", pointer=pointer, expected="a number", actual=str(price))
            return


@check("spent-is-units-times-price", needs=(Ability.USAGE,))
def spent_is_units_times_price(context: CheckContext) -> Iterator[Finding]:
    """credit_used is the sum of units times price."""
    _, usage = _use(context)
    prices, used = _prices(usage), number_of(usage.at("data", "credit_used"))
    spent = sum((price * (_units(usage, resource) or 0) for resource, price in prices.items()), start=Decimal(0))
    if used is None or (spent == used == 0):
        raise Undecided(NO_CONSUMPTION)
    if abs(spent - used) > _EXACT:
        yield context.violation(usage, "sum", pointer="/data/credit_used", expected=str(spent), actual=str(used))


@check(OVERDRAFT, needs=(Ability.USAGE,))
def balance_may_be_negative(context: CheckContext) -> Iterator[Finding]:
    """Consumption of more than the balance is accepted, and the balance is then below zero."""
    account = context.account()
    balance = account.balance()
    if balance < 0:
        return
    if account.client.control is None or account.client.on_rails:
        raise Undecided(NO_CONSUMPTION)
    answer = account.consume(float(balance) + 1)
    if is_absent(answer.status, answer.json) or answer.status in (401, 403):
        raise Undecided(NO_CONSUMPTION)
    if not answer.is_accepted:
        yield context.violation(answer, "refused", expected="200, and a balance of -1")
        return
    usage = account.usage()
    if (left := account.balance()) != -1:
        yield context.violation(usage, "balance", pointer="/data/credit_balance", expected="-1", actual=str(left))
    account.give(float(balance) + 1)


def _use(context: CheckContext) -> tuple[bool, Exchange]:
    """Consume units where the target's control allows it; return if it did, and the usage statistics."""
    account = context.account()
    consumed = False
    with suppress(Undecided):
        account.give(_FUNDS)
        is_fresh = context.target.opens_accounts
        consumed = account.consume_units(_RESOURCE, _UNITS).is_accepted and is_fresh
    return consumed, _accepted(account.usage())


def _usage(context: CheckContext) -> Exchange:
    return _accepted(context.account().usage())


def _accepted(usage: Exchange) -> Exchange:
    if not usage.is_accepted:
        raise Undecided(f"the target answered {usage.status}")
    return usage


def _prices(usage: Exchange) -> Mapping[str, Decimal]:
    found: Any = usage.at("data", "cost_metric")
    members = found.items() if isinstance(found, dict) else ()
    return {resource: price for resource, value in members if (price := number_of(value)) is not None}


def _units(usage: Exchange, resource: str) -> Decimal | None:
    return number_of(usage.at("data", resource))
