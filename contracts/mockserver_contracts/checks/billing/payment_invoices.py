"""The invoice of each payment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.billing.account_figures import (
    ids_of_invoices,
    invoices_of,
)
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import (
    path_at_target,
)
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_PAID = (Ability.CREATE, Ability.PAY)
_AUTHENTICATED: Final = "4000002500003155"
"""A card with 3-D Secure."""
_MANY: Final = (70_002, 250, 50)
"""Dollars: more than other checks pay for, and fewer where many are not sold."""


@rule("invoice-for-each-payment", needs=_PAID, once=True)
def invoice_for_each_payment(context: CheckContext) -> Iterator[Finding]:
    """Each payment has one invoice whose PDF opens, and nothing else has one, because invoices are what was paid."""
    account = context.new_account()
    known = account.invoice_listing()
    if _is_null(known.first):
        yield context.violation(known.first, "null for no invoices", pointer="/data", expected="[]", actual="null")
        return
    before = ids_of_invoices(known)
    sessions = [_large_session(account), account.create(dollars=7), account.create(dollars=3)]
    declined = account.pay(sessions[2], card=DECLINED)
    # What the buyer tried before makes no payment less of one.
    account.cancel(sessions[0])
    account.pay(sessions[1], card=DECLINED)
    account.pay(sessions[1])
    account.create(dollars=2)
    if not account.pay(sessions[0], card=_AUTHENTICATED).is_accepted:
        account.pay(sessions[0])
    account.pay(sessions[0])
    with _expiry_of_the_rest(context, account):
        listing = account.invoice_listing()
    page, invoices = listing.first, listing.entries
    amounts = [invoice.get("amount") for invoice in invoices if str(invoice.get("id")) not in before]
    # A target without declined cards accepts the third payment; another check decides that.
    first, second, third = (session.dollars for session in sessions)
    paid = [first, second, third] if declined.is_accepted else [first, second]
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
        if invoices_of(part) != expected:
            yield context.violation(
                part, f"page by {' and '.join(query)}", pointer="/data", expected="one invoice, in order"
            )
    if Ability.SECOND in context.target.abilities or context.target.opens_accounts:
        # One without a past, if there is any.
        foreign = context.several_accounts(2)[-1].invoice_listing()
        if _is_null(foreign.first):
            yield context.violation(
                foreign.first, "null for no invoices", pointer="/data", expected="[]", actual="null"
            )
        if {str(invoice.get("id")) for invoice in foreign.entries} & {str(invoice.get("id")) for invoice in invoices}:
            yield context.violation(
                foreign.first, "of another account", pointer="/data", expected="no invoice of anybody else"
            )
    for invoice in invoices[:2]:
        yield from expect_pdf(context, account, str(invoice.get("pdf_url")))


@contextlib.contextmanager
def _expiry_of_the_rest(context: CheckContext, account: AccountClient) -> Iterator[None]:
    """Let what is unpaid expire, if the target has a clock, and read the list of sessions, which may notice it."""
    if not {Ability.CLOCK, Ability.LIST} <= context.target.abilities:
        yield
        return
    try:
        account.advance(25 * 3600)
        account.full_page()
        yield
    finally:
        account.reset_clock()


def _large_session(account: AccountClient) -> Session:
    for dollars in _MANY[:-1]:
        with contextlib.suppress(Undecided):
            return account.create(dollars=dollars)
    return account.create(dollars=_MANY[-1])


def _is_null(page: Exchange) -> bool:
    """A list of nothing is null."""
    return page.is_accepted and isinstance(page.json, dict) and page.json.get("data", ()) is None


def expect_pdf(context: CheckContext, account: AccountClient, url: str) -> Iterator[Finding]:
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
