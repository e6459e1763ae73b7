"""The traces of the operations beside the checkout: invoices, a top-up, consumption and auto recharge."""

from __future__ import annotations

from typing import Any

from mockserver_contracts.drift.normalize import outcome_of, type_of
from mockserver_contracts.drift.side import Side
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import invoices_on, require_operation, usage_figures
from mockserver_contracts.target.answer import session_of


def trace_invoices(side: Side) -> None:
    """Pay two sessions of three, and record the invoices."""
    side.require(Ability.PAY)
    account = side.open_account()
    known = {str(invoice.get("id")) for invoice in _invoices(account.invoices(limit=100))}
    for dollars in (50, 7):
        account.pay(account.create(dollars=dollars))
    account.create(dollars=3)
    page = account.invoices(limit=100)
    fresh = [invoice for invoice in _invoices(account.invoices(limit=100)) if str(invoice.get("id")) not in known]
    facts: dict[str, object] = {"amounts": [str(invoice.get("amount")) for invoice in fresh]}
    if fresh:
        facts |= {f"type of {name}": type_of(value, name=name) for name, value in fresh[0].items() if name != "amount"}
        facts |= {name: fresh[0].get(name) for name in ("currency", "status")}
    side.record("invoices after two payments", page, **facts)


def trace_top_up(side: Side) -> None:
    """Create a top-up, read the list and pay it."""
    side.require(Ability.PAY)
    account = side.open_account()
    answer = require_operation(account.top_up(amount=20))
    side.record("top up", answer, outcome=outcome_of(answer.status))
    if (session := session_of(answer, 20)) is None:
        return
    before = side.balance(account)
    listed = (account.entry(session) or {}).get("amount") if Ability.LIST in side.abilities else "unknown"
    paid = account.pay(session)
    gain = side.gain(account, before)
    side.record("pay a top-up", paid, outcome=outcome_of(paid.status), gain=gain, listed=listed)


def trace_consumption(side: Side) -> None:
    """Consume some credits, then more than there are."""
    side.require(Ability.USAGE)
    account = side.open_account()
    require_operation(account.give(10))
    _record_consumption(side, account, "consume", 2.5)
    if _record_consumption(side, account, "consume too much", 10**9):
        account.give(10**9)  # an overdraft would change the steps after it


def trace_auto_recharge(side: Side) -> None:
    """Enable auto recharge; consume to the threshold, below it, and far below it."""
    side.require(Ability.USAGE)
    account = side.open_account()
    require_operation(account.give(30))
    threshold = account.balance() - 20
    answer = require_operation(account.set_auto_recharge(enabled=True, threshold=float(threshold), amount=20))
    settings = account.auto_recharge()
    shown = [
        settings.at("data", "enabled"),
        settings.at("data", "threshold") == threshold,
        settings.at("data", "amount"),
    ]
    side.record("set auto recharge", answer, outcome=outcome_of(answer.status), shown=shown)
    for name, credits in (("to the threshold", 20), ("under the threshold", 0.5), ("far under it", 25)):
        _record_consumption(side, account, f"consume {name}", credits)
    account.set_auto_recharge(enabled=False)


def _record_consumption(side: Side, account: AccountClient, name: str, credits: float) -> bool:
    """Consume, and record the changes; return if the consumption was accepted."""
    before = usage_figures(account)
    answer = require_operation(account.consume(credits))
    after = usage_figures(account)
    # A server may show a number in one answer and not in the next.
    shown = [figure for figure in before if figure in after]
    facts = {f"change of {figure}": str((after[figure] - before[figure]).normalize() + 0) for figure in shown}
    side.record(name, answer, outcome=outcome_of(answer.status), **facts)
    return answer.is_accepted


def _invoices(page: Exchange) -> list[dict[str, Any]]:
    return invoices_on(require_operation(page)) or []
