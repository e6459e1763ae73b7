"""The steps beside the checkout: invoices, a top-up, consumption and auto recharge."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockserver_contracts.drift.normalize import kind_of, verdict_of
from mockserver_contracts.drift.side import Side, balance_of, gained, need
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability, is_absent
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import session_of
from mockserver_contracts.target.undecided import Undecided


def invoiced(side: Side) -> None:
    """A payment, and what the list of invoices says of it."""
    need(side, Ability.PAY)
    account = side.accounts()
    known = {each.get("id") for each in _rows(account)}
    for dollars in (50, 7):
        account.pay(account.create(dollars=dollars))
    account.create(dollars=3)
    page = account.invoices(limit=100)
    fresh = [each for each in _rows(account) if each.get("id") not in known]
    facts: dict[str, object] = {"amounts": [str(each.get("amount")) for each in fresh]}
    if fresh:
        facts |= {f"type of {name}": kind_of(value) for name, value in fresh[0].items() if name != "amount"}
        facts |= {name: fresh[0].get(name) for name in ("currency", "status")}
    side.tell("invoices after two payments", page, **facts)


def topped_up(side: Side) -> None:
    """A top-up, listed and paid."""
    need(side, Ability.PAY)
    account = side.accounts()
    answer = _there(account.top_up(amount=20))
    side.tell("top up", answer, outcome=verdict_of(answer.status))
    if (session := session_of(answer, 20)) is None:
        return
    before = balance_of(side, account)
    listed = (account.entry(session) or {}).get("amount") if Ability.LIST in side.has else "unknown"
    paid = account.pay(session)
    side.tell("pay a top-up", paid, outcome=verdict_of(paid.status), gain=gained(side, account, before), listed=listed)


def consumed(side: Side) -> None:
    """Credits spent, and too many of them."""
    need(side, Ability.USAGE)
    account = side.accounts()
    _there(account.give(10))
    _spent(side, account, "consume", 2.5)
    _spent(side, account, "consume too much", 10**9)


def recharged(side: Side) -> None:
    """Auto recharge set, and three consumptions: to the threshold, under it, far under it."""
    need(side, Ability.USAGE)
    account = side.accounts()
    _there(account.give(30))
    threshold = account.balance() - 20
    answer = _there(account.set_auto_recharge(enabled=True, threshold=float(threshold), amount=20))
    shown = account.auto_recharge()
    kept = [shown.at("data", "enabled"), shown.at("data", "threshold") == threshold, shown.at("data", "amount")]
    side.tell("set auto recharge", answer, outcome=verdict_of(answer.status), shown=kept)
    for name, credits in (("to the threshold", 20), ("under the threshold", 0.5), ("far under it", 25)):
        _spent(side, account, f"consume {name}", credits)
    account.set_auto_recharge(enabled=False)


def _spent(side: Side, account: AccountClient, name: str, credits: float) -> None:
    before = _figures(account)
    answer = _there(account.consume(credits))
    after = _figures(account)
    facts = {f"change of {field}": str((after[field] - before[field]).normalize() + 0) for field in before}
    side.tell(name, answer, outcome=verdict_of(answer.status), **facts)


def _figures(account: AccountClient) -> dict[str, Decimal]:
    usage = account.usage()
    told = {name: usage.at("data", name) for name in ("credit_balance", "usage_this_month", "credit_used")}
    return {name: Decimal(value) for name, value in told.items() if isinstance(value, int | Decimal)}


def _rows(account: AccountClient) -> list[dict[str, Any]]:
    page = _there(account.invoices(limit=100))
    data = page.at("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _there(answer: Exchange) -> Exchange:
    """The answer; raises Undecided where there is no such operation."""
    if is_absent(answer.status, answer.json):
        raise Undecided("not implemented by the target")
    return answer
