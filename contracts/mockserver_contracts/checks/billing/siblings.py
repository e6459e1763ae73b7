"""The operations beside the checkout: invoices, top-ups, consumption and auto recharge."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import (
    USAGE_FIGURES,
    entry_on,
    invoices_on,
    number_of,
    path_at_target,
    require_operation,
    usage_figures,
)
from mockserver_contracts.target.answer import Session, session_of
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_PAID = (Ability.CREATE, Ability.PAY)
_NO_AMOUNTS: Final = (
    ("a fraction", 20.5),
    ("a part of a dollar", 0.5),
    ("nearly a whole number", 20.001),
    ("zero", 0),
    ("a negative amount", -20),
    ("text", "20"),
    ("empty text", ""),
    ("true", True),
    ("null", None),
    ("a list", [20]),
)


_UNDER: Final = "under the threshold"
_CATEGORY: Final = "Indexing für 日本"


@rule("invoice-for-each-payment", needs=_PAID, once=True)
def invoice_for_each_payment(context: CheckContext) -> Iterator[Finding]:
    """Each payment has one invoice whose PDF opens, and nothing else has one, because invoices are what was paid."""
    account = context.account()
    before = _invoice_ids(account)
    sessions = [account.create(dollars=dollars) for dollars in (50, 7, 3)]
    declined = account.pay(sessions[2], card=DECLINED)
    for session in sessions[:2]:
        for _ in range(2):
            account.pay(session)
    listing = account.invoice_listing()
    page, invoices = listing.first, listing.entries
    amounts = [invoice.get("amount") for invoice in invoices if str(invoice.get("id")) not in before]
    # A target without declined cards accepts the third payment; another check decides that.
    first, second, third = (session.dollars for session in sessions)
    paid = [second, first, third] if declined.is_accepted else [second, first]
    if not context.target.is_strict:
        # The order of invoices is the server's own.
        amounts, paid = sorted(amounts, key=str), sorted(paid, key=str)
    if amounts != paid:
        # That there is an invoice for each payment is our assumption; that there is one for some is not.
        severity: Severity = "error" if invoices else context.target.severity_of_assumption
        wanted = f"invoices for {paid}"
        yield context.violation(
            page, "invoices", pointer="/data", expected=wanted, actual=str(amounts), severity=severity
        )
        return
    if len({str(invoice.get("id")) for invoice in invoices}) != len(invoices):
        yield context.violation(page, "two of one id", pointer="/data/0/id", expected="an id of its own for each")
    links = [link for invoice in invoices if (link := invoice.get("pdf_url")) is not None]
    if len({str(link) for link in links}) != len(links):
        yield context.violation(
            page, "two of one link", pointer="/data/0/pdf_url", expected="a PDF of its own for each"
        )
    for query, expected in (({"limit": 1}, invoices[:1]), ({"limit": 1, "offset": 1}, invoices[1:2])):
        part = account.invoices(**query)
        if _invoices(part) != expected:
            yield context.violation(
                part, f"page by {' and '.join(query)}", pointer="/data", expected="one invoice, in order"
            )
    if Ability.SECOND in context.target.abilities or context.target.opens_accounts:
        foreign = context.second_account().invoice_listing()
        if {str(invoice.get("id")) for invoice in foreign.entries} & {str(invoice.get("id")) for invoice in invoices}:
            yield context.violation(
                foreign.first, "of another account", pointer="/data", expected="no invoice of anybody else"
            )
    yield from _expect_pdf(context, account, str(invoices[0].get("pdf_url")))


@rule("top-up-is-a-checkout", needs=_PAID, once=True)
def top_up_is_a_checkout(context: CheckContext) -> Iterator[Finding]:
    """A top-up is a session like any other, listed and credited once, because VideoDB sells it at the same page."""
    account = context.account()
    dollars = account.dollars(20)
    answer = account.top_up(amount=dollars)
    _require_permitted(answer)
    if (session := session_of(answer, dollars)) is None:
        yield context.violation(answer, "no session", pointer="/data/url", expected="a URL to pay at")
        return
    if not _is_named(context, account, answer, session):
        raise Undecided("the URL of a top-up does not name its session")
    if Ability.LIST in context.target.abilities:
        entry = account.entry(session) or {}
        # A list without amounts is judged by its schema.
        is_right = entry.get("amount") in (None, dollars) and entry.get("status") == "pending"
        if not is_right:
            expected = f"a pending session of {dollars}"
            yield context.violation(answer, "not on the list", expected=expected, actual=str(entry))
    if Ability.USAGE in context.target.abilities:
        plain = account.create(dollars=dollars)
        gains = []
        for each in (plain, session):
            before = account.balance()
            account.pay(each)
            gains.append(account.balance() - before)
        if gains[0] != gains[1]:
            yield context.violation(answer, "credits", expected=f"{gains[0]} credits", actual=f"{gains[1]} credits")
    yield from _expect_top_up_to_expire(context, account, dollars)
    yield from context.expect_refusal(account.top_up(amount=dollars, currency="eur"), "another currency", status=400)
    for cause, amount in _NO_AMOUNTS:
        yield from context.expect_refusal(account.top_up(amount=amount), f"a top-up of {cause}", status=400)
    yield from context.expect_refusal(account.top_up(), "a top-up without an amount", status=400)
    account.top_up(amount=10**15)  # whatever it answers, it is no server error


def _is_named(context: CheckContext, account: AccountClient, answer: Exchange, session: Session) -> bool:
    """The answer to a top-up tells the id of its session: as an id, or in a URL with an id that the target knows."""
    if context.target.is_strict or answer.at("data", "id") is not None or account.entry(session) is not None:
        return True
    return Ability.SESSIONS in context.target.abilities and account.look(session).at("id") == session.id


def _expect_top_up_to_expire(context: CheckContext, account: AccountClient, dollars: int) -> Iterator[Finding]:
    if not {Ability.CLOCK, Ability.LIST} <= context.target.abilities:
        return
    session = session_of(account.top_up(amount=dollars), dollars)
    if session is None:
        return
    try:
        for seconds, expected, cause in (
            (23 * 3600, "pending", "a top-up expires within its day"),
            (2 * 3600, "expired", "a top-up does not expire"),
        ):
            account.advance(seconds)
            page = account.full_page()
            status = (entry_on(page, session) or account.entry(session) or {}).get("status")
            if status not in (None, expected):
                yield context.violation(page, cause, pointer="/data/0/status", expected=expected, actual=str(status))
                return
    finally:
        account.reset_clock()


@rule("consumption-is-counted", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def consumption_is_counted(context: CheckContext) -> Iterator[Finding]:
    """Consumption counts by category, by month and in total, and overdraws nothing, because bills are made of it."""
    account = context.account()
    before = _all_figures(account)
    _require_permitted(account.give(10))
    _require_permitted(account.consume(1.5, _CATEGORY))
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
    yield from _expect_members(context, usage, expected)
    for category, credits in ((_CATEGORY, Decimal("2.5")), ("constructor", Decimal("1.25"))):
        actual = number_of(usage.at("data", "breakdown", category))
        if actual is None or actual < credits:
            pointer = f"/data/breakdown/{category}"
            yield context.violation(
                usage, category, pointer=pointer, expected=f"at least {credits}", actual=str(actual)
            )
    excess = yield from _expect_no_overdraft(context, account, expected["credit_balance"], "more than there is")
    try:
        account.advance(32 * 24 * 3600)
        later = {"usage_this_month": 0, "credit_used": expected["credit_used"] + excess}
        usage = account.usage()
        yield from _expect_members(context, usage, later, "in another month")
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
    account = context.account()
    _require_permitted(account.give(1))
    before = usage_figures(account)
    if "credit_balance" not in before:
        raise Undecided("the usage statistics do not tell the balance")
    # Three tenths make a sum that is no tenth in binary.
    for credits in (0.1, 0.1, 0.1, 0.003):
        _require_permitted(account.consume(credits))
    used = Decimal("0.303")
    later: dict[str, Any] = {
        name: before[name] + used for name in ("usage_this_month", "credit_used") if name in before
    }
    expected = {"credit_balance": before["credit_balance"] - used, **later}
    yield from _expect_members(context, account.usage(), expected, "after tenths and a thousandth")
    if Ability.PAY in context.target.abilities and account.pay(account.create(dollars=1)).is_accepted:
        yield from _expect_members(context, account.usage(), later, "after a purchase")


@rule("auto-recharge-charges-once", needs=(Ability.CREATE, Ability.USAGE, Ability.CLOCK), once=True)
def auto_recharge_charges_once(context: CheckContext) -> Iterator[Finding]:
    """A balance below the threshold is recharged once, and no other is, because each recharge charges a card."""
    account = context.account()
    _require_permitted(account.auto_recharge())
    _require_permitted(account.give(100))
    known, full = _invoice_ids(account), _all_figures(account)["credit_balance"]
    settings = {"enabled": True, "threshold": float(full - 20), "amount": 20}
    changed = account.set_auto_recharge(**settings)
    if changed.is_refused and not context.target.is_strict:
        raise Undecided("the target takes other settings of auto recharge")
    yield from context.expect_acceptance(changed, "settings")
    yield from _expect_members(context, account.auto_recharge(), {**settings, "threshold": full - 20})
    bought = _credits_for_a_recharge(context, account)
    # Each step: the credits consumed, and the balance afterwards.
    steps = (
        (Decimal(20), full - 20, "at the threshold"),
        (Decimal("0.5"), full - Decimal("20.5") + bought, _UNDER),
        # One recharge leaves it under the threshold: it is charged once all the same.
        (bought + 30, left := full - Decimal("50.5") + bought, "far under"),
    )
    for consumed, balance, when in steps:
        _require_permitted(account.consume(float(consumed)))
        usage = account.usage()
        is_short = when == _UNDER and number_of(usage.at("data", "credit_balance")) == balance - bought
        if is_short and not context.target.is_strict:
            # That consumption through a control API is followed by a recharge is our assumption.
            yield context.violation(
                usage, f"no recharge {when}", pointer="/data/credit_balance", expected=str(balance), severity="info"
            )
            account.set_auto_recharge(enabled=False)
            return
        yield from _expect_members(context, usage, {"credit_balance": balance}, when)
    if (yield from _expect_no_overdraft(context, account, left, "more than a recharge buys", recharge=bought)):
        return
    listing = account.invoice_listing()
    page = listing.first
    amounts = [invoice.get("amount") for invoice in listing.entries if str(invoice.get("id")) not in known]
    if amounts != [20, 20] and (listing.entries or context.target.is_strict):
        yield context.violation(page, "invoices", pointer="/data", expected="two of 20", actual=str(amounts))
    for threshold in (Decimal(0), full - 21):
        account.set_auto_recharge(enabled=False, threshold=float(threshold))
        # What becomes of settings that are left out is the server's own.
        disabled: dict[str, Any] = {"enabled": False, "threshold": threshold}
        if context.target.is_strict:
            disabled["amount"] = 20
        yield from _expect_members(context, account.auto_recharge(), disabled, "once it is off")
    account.consume(float(left))
    yield from _expect_members(context, account.usage(), {"credit_balance": 0}, "once it is off")


def _credits_for_a_recharge(context: CheckContext, account: AccountClient) -> Decimal:
    """The credits for 20 dollars, as the target shows them for a session; else a credit for a dollar."""
    if Ability.SESSIONS not in context.target.abilities:
        return Decimal(20)
    session = account.create(dollars=20)
    credits = number_of(account.look(session).at("credits"))
    return Decimal(20) if credits is None else credits * 20 / session.dollars


def _expect_no_overdraft(
    context: CheckContext,
    account: AccountClient,
    balance: Decimal,
    cause: str,
    *,
    recharge: Decimal = Decimal(0),  # a constant
) -> Generator[Finding, None, Decimal]:
    """Yield a finding if more than balance and recharge can be consumed, unless the profile allows an overdraft.

    Return the credits that were consumed all the same. That there is no overdraft is our assumption.
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
    yield from _expect_members(context, account.usage(), {"credit_balance": balance}, "after a refusal")
    return Decimal(0)


def _all_figures(account: AccountClient) -> dict[str, Decimal]:
    """Return the numbers of the usage statistics. Raise Undecided if one is missing."""
    figures = usage_figures(account)
    if len(figures) < len(USAGE_FIGURES):
        raise Undecided("the usage statistics do not tell every number")
    return figures


def _require_permitted(answer: Exchange) -> None:
    """Raise Undecided if the target lacks the operation or does not permit it."""
    require_operation(answer)
    if answer.status in (401, 403):
        raise Undecided("not implemented by the target")


def _invoice_ids(account: AccountClient) -> frozenset[str]:
    """Return the ids of the account's invoices. Raise Undecided if the target has no invoices."""
    listing = account.invoice_listing()
    _require_permitted(listing.first)
    _invoices(listing.first)
    return frozenset(str(invoice.get("id")) for invoice in listing.entries)


def _invoices(page: Exchange) -> list[dict[str, Any]]:
    invoices = invoices_on(page)
    if invoices is None:
        raise Undecided("the target shows no list of invoices")
    return invoices


def _expect_members(
    context: CheckContext, answer: Exchange, expected: dict[str, Any], when: str = ""
) -> Iterator[Finding]:
    """Yield a finding for each member of `data` that has another value."""
    for name, value in expected.items():
        actual = answer.at("data", name)
        if actual != value:
            cause = f"{name} {when}".strip()
            yield context.violation(answer, cause, pointer=f"/data/{name}", expected=str(value), actual=str(actual))


def _expect_pdf(context: CheckContext, account: AccountClient, url: str) -> Iterator[Finding]:
    """Yield a finding if the URL leads to the target and no PDF opens there."""
    if path_at_target(context.target.client, url) is None:
        return
    try:
        answer = open_page(account.client, url, accept="application/pdf").answer
    except LeadsElsewhere:
        return  # a store of files has it
    body, media_type = answer.response.body, (answer.header("content-type") or "").partition(";")[0].strip().lower()
    # A PDF ends with this mark, and whatever a transfer adds.
    is_whole = body.startswith(b"%PDF-") and b"%%EOF" in body[-1024:]
    # A file to be saved may have the media type of any file.
    is_named = media_type in ("application/pdf", "application/x-pdf", "application/octet-stream", "binary/octet-stream")
    if answer.status != 200 or not is_whole or not is_named:
        actual = f"{answer.summary}, {media_type or 'no media type'}, {'whole' if is_whole else 'no whole PDF'}"
        yield context.violation(
            answer, "the PDF does not open", expected="a PDF", actual=actual, operation="GET /billing/invoices"
        )
