"""What lies beside the checkout: invoices, top-ups, consumption and auto recharge."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability, is_absent
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.answer import session_of
from mockserver_contracts.target.undecided import Undecided

_PAID = (Ability.CREATE, Ability.PAY)


@rule("invoice-for-each-payment", needs=_PAID, once=True)
def invoice_for_each_payment(context: CheckContext) -> Iterator[Finding]:
    """What was paid has one invoice, the newest first, and its PDF opens; what was not has none."""
    account = context.account()
    before = _known(account)
    sessions = [account.create(dollars=dollars) for dollars in (50, 7, 3)]
    declined = account.pay(sessions[2], card=DECLINED)
    for session in sessions[:2]:
        for _ in range(2):
            account.pay(session)
    page = account.invoices(limit=100)
    invoices = _rows(page)
    told = [each.get("amount") for each in invoices if each.get("id") not in before]
    # Not every server knows the card; the declined one is a check of its own.
    paid = [7, 50, 3] if declined.is_accepted else [7, 50]
    if told != paid:
        yield context.broken(page, "invoices", pointer="/data", expected=f"invoices for {paid}", actual=str(told))
        return
    if len({each.get("id") for each in invoices}) != len(invoices):
        yield context.broken(page, "two of one id", pointer="/data/0/id", expected="an id of its own for each")
    for query, expected in (({"limit": 1}, invoices[:1]), ({"limit": 1, "offset": 1}, invoices[1:2])):
        part = account.invoices(**query)
        if _rows(part) != expected:
            yield context.broken(
                part, f"page by {' and '.join(query)}", pointer="/data", expected="one invoice, in order"
            )
    if Ability.SECOND in context.has or context.setting.opens_accounts:
        theirs = context.stranger().invoices(limit=100)
        if {each.get("id") for each in _rows(theirs)} & {each.get("id") for each in invoices}:
            yield context.broken(theirs, "of another account", pointer="/data", expected="no invoice of anybody else")
    yield from _opens(context, account, str(invoices[0].get("pdf_url")))


@rule("top-up-is-a-checkout", needs=_PAID, once=True)
def top_up_is_a_checkout(context: CheckContext) -> Iterator[Finding]:
    """A top-up is a session like any other: listed, payable once, and credited."""
    account = context.account()
    answer = account.top_up(amount=20)
    _there(answer)
    if (session := session_of(answer, 20)) is None:
        yield context.broken(answer, "no session", pointer="/data/url", expected="a URL to pay at")
        return
    if Ability.LIST in context.has:
        entry = account.entry(session) or {}
        if (entry.get("amount"), entry.get("status")) != (20, "pending"):
            yield context.broken(answer, "not on the list", expected="a pending session of 20", actual=str(entry))
    if Ability.USAGE in context.has:
        plain = account.create(dollars=20)
        gains = []
        for each in (plain, session):
            before = account.balance()
            account.pay(each)
            gains.append(account.balance() - before)
        if gains[0] != gains[1]:
            yield context.broken(answer, "credits", expected=f"{gains[0]} credits", actual=f"{gains[1]} credits")
    yield from context.refused(account.top_up(amount=20, currency="eur"), "another currency", exactly=400)


@rule("consumption-is-counted", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def consumption_is_counted(context: CheckContext) -> Iterator[Finding]:
    """What is consumed is gone from the balance and counted by category, this month and ever; never below zero."""
    account = context.account()
    before = _figures(account)
    _there(account.give(10))
    _there(account.consume(2.5))
    account.consume(1.25, "search")
    usage = account.usage()
    used = Decimal("3.75")
    expected = {
        "credit_balance": before["credit_balance"] + 10 - used,
        "usage_this_month": before["usage_this_month"] + used,
        "credit_used": before["credit_used"] + used,
    }
    yield from _tells(context, usage, expected)
    for category, credits in (("indexing", Decimal("2.5")), ("search", Decimal("1.25"))):
        told = usage.at("data", "breakdown", category)
        if told is None or told < credits:
            where = f"/data/breakdown/{category}"
            yield context.broken(usage, category, pointer=where, expected=f"at least {credits}", actual=str(told))
    too_many = account.consume(float(expected["credit_balance"]) + 0.01)
    yield from context.refused(too_many, "more than there is", exactly=402)
    yield from _tells(context, account.usage(), {"credit_balance": expected["credit_balance"]}, "after a refusal")
    try:
        account.advance(32 * 24 * 3600)
        later = {"usage_this_month": 0, "breakdown": {}, "credit_used": expected["credit_used"]}
        yield from _tells(context, account.usage(), later, "in another month")
    finally:
        account.reset_clock()


@rule("auto-recharge-charges-once", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def auto_recharge_charges_once(context: CheckContext) -> Iterator[Finding]:
    """Under the threshold, not at it, the account is charged once; what is refused charges nothing."""
    account = context.account()
    _there(account.auto_recharge())
    _there(account.give(30))
    known, full = _known(account), _figures(account)["credit_balance"]
    settings = {"enabled": True, "threshold": float(full - 20), "amount": 20}
    yield from context.accepted(account.set_auto_recharge(**settings), "settings")
    yield from _tells(context, account.auto_recharge(), {**settings, "threshold": full - 20})
    # What is consumed, and what there is then: 20 are bought where fewer than all but 20 would be left.
    steps = (("20", full - 20, "at the threshold"), ("0.5", full - Decimal("0.5"), "under the threshold"))
    for consumed, left, when in (*steps, ("25", full - Decimal("5.5"), "far under")):
        _there(account.consume(float(consumed)))
        yield from _tells(context, account.usage(), {"credit_balance": left}, when)
    left = full - Decimal("5.5")
    yield from context.refused(account.consume(float(left) + 20.5), "more than a recharge buys", exactly=402)
    yield from _tells(context, account.usage(), {"credit_balance": left}, "after a refusal")
    invoices = account.invoices(limit=100)
    amounts = [each.get("amount") for each in _rows(invoices) if each.get("id") not in known]
    if amounts != [20, 20]:
        yield context.broken(invoices, "invoices", pointer="/data", expected="two of 20", actual=str(amounts))
    account.set_auto_recharge(enabled=False)
    yield from _tells(context, account.auto_recharge(), {"enabled": False, "amount": 20}, "once it is off")
    account.consume(float(left))
    yield from _tells(context, account.usage(), {"credit_balance": 0}, "once it is off")


def _figures(account: AccountClient) -> dict[str, Decimal]:
    """The numbers that usage tells; raises Undecided where one is missing."""
    usage = account.usage()
    told = {name: usage.at("data", name) for name in ("credit_balance", "usage_this_month", "credit_used")}
    if not all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in told.values()):
        raise Undecided("the usage statistics do not tell every number")
    return {name: Decimal(each) for name, each in told.items()}


def _there(answer: Exchange) -> None:
    """Raise Undecided where the answer says that there is no such operation, or not for us."""
    if is_absent(answer.status, answer.json) or answer.status in (401, 403):
        raise Undecided("not implemented by the target")


def _known(account: AccountClient) -> frozenset[object]:
    """The ids of the invoices that are there; raises Undecided where invoices are not."""
    page = account.invoices(limit=100)
    _there(page)
    return frozenset(each.get("id") for each in _rows(page))


def _rows(page: Exchange) -> list[dict[str, Any]]:
    data = page.at("data")
    if not page.is_accepted or not isinstance(data, list):
        raise Undecided("the target shows no list of invoices")
    return [each for each in data if isinstance(each, dict)]


def _tells(context: CheckContext, answer: Exchange, expected: dict[str, Any], when: str = "") -> Iterator[Finding]:
    for name, value in expected.items():
        told = answer.at("data", name)
        if told != value:
            cause = f"{name} {when}".strip()
            yield context.broken(answer, cause, pointer=f"/data/{name}", expected=str(value), actual=str(told))


def _opens(context: CheckContext, account: AccountClient, url: str) -> Iterator[Finding]:
    here, there = urlsplit(context.client.url), urlsplit(url)
    if (here.hostname, here.port) != (there.hostname, there.port):
        return
    answer = account.client.send("GET", there.path.removeprefix(here.path.rstrip("/")), {"accept": "application/pdf"})
    if answer.status != 200 or not answer.response.body.startswith(b"%PDF-"):
        yield context.broken(
            answer, "the PDF does not open", expected="a PDF", actual=answer.summary, operation="GET /billing/invoices"
        )
