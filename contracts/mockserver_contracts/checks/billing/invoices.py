"""Invoices: which there are, and their list page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

from mockserver_contracts.checks.billing.payment_invoices import expect_pdf
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import INVOICES
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import invoices_on, number_of, require_operation, require_payment
from mockserver_contracts.target.answer import parse_time, session_of
from mockserver_contracts.target.paging import Listing
from mockserver_contracts.target.undecided import Undecided

_MANY: Final = 7
_UNSOLD: Final = 37
"""An amount beside a plan, in dollars: no plan costs that."""
_HOUR: Final = 3600
_WEEK: Final = 7 * 24 * 3600
_CLOSE: Final = timedelta(minutes=5)


@rule("invoices-in-pages", needs=(Ability.CREATE, Ability.PAY, Ability.FREE), once=True)
def invoices_in_pages(context: CheckContext) -> Iterator[Finding]:
    """The pages of the invoices together are the whole list, because bookkeepers read all of them."""
    account = context.new_account()
    require_operation(account.invoices())
    for _ in range(_MANY):
        require_payment(account.pay(account.create(dollars=3)))
    ids = _ids(_invoices(account).entries)
    if not ids and not context.target.is_strict:
        raise Undecided("the target makes no invoices")
    if len(ids) < _MANY:
        yield context.violation(
            account.invoices(),
            "the list is cut short",
            pointer="/data",
            expected=f"{_MANY} invoices or more",
            actual=f"{len(ids)}",
        )
        return
    pages: tuple[tuple[dict[str, object], list[object]], ...] = (
        ({"limit": 3}, ids[:3]),
        ({"limit": 3, "offset": 3}, ids[3:6]),
        ({"limit": 2, "offset": 1}, ids[1:3]),
        ({"limit": _MANY}, ids[:_MANY]),
        ({"limit": 5, "offset": 100_000}, []),
    )
    for query, expected in pages:
        page = account.invoices(**query)
        actual = _ids(invoices_on(page) or [])
        if actual != expected and not account.client.page_lengths.is_cut(INVOICES, actual, expected):
            cause = f"page by {' and '.join(query)}"
            yield context.violation(page, cause, pointer="/data", expected=str(expected), actual=str(actual))
            return


@rule("every-purchase-is-invoiced", needs=(Ability.CREATE, Ability.PAY, Ability.FREE), once=True)
def every_purchase_is_invoiced(context: CheckContext) -> Iterator[Finding]:
    """Plans and top-ups have invoices like amounts, dated when they were paid, because all of them cost money."""
    account = context.new_account()
    require_operation(account.invoices())
    try:
        yield from _expect_invoices(context, account)
    finally:
        if Ability.CLOCK in context.target.abilities:
            account.reset_clock()


def _expect_invoices(context: CheckContext, account: AccountClient) -> Iterator[Finding]:
    has_clock = Ability.CLOCK in context.target.abilities
    shown: set[str] = set()
    for name, order in (
        ("a plan", partial(account.ask, mode="subscription", plan_id="plan-basic", amount=account.dollars(_UNSOLD))),
        ("a top-up", partial(account.top_up, amount=account.dollars(20))),
    ):
        if has_clock:
            account.advance(_WEEK)
        session = session_of(order(), 0)
        entry = account.entry(session) if session is not None and Ability.LIST in context.target.abilities else None
        if session is None or (Ability.LIST in context.target.abilities and entry is None):
            continue  # other rules decide whether it must be sold, and is listed
        before = _ids(_invoices(account).entries)
        if has_clock:
            account.advance(_HOUR)  # an order is not always paid at once
        if not account.pay(session).is_accepted:
            continue
        listing = account.invoice_listing()
        page = listing.first
        if not listing.entries and not context.target.is_strict:
            raise Undecided("the target makes no invoices")
        seen, now = shown, {str(id_) for id_ in _ids(listing.entries)}
        shown = now
        if lost := seen - now:
            yield context.violation(
                page, "an earlier one is gone", pointer="/data", expected=min(lost), actual="not there a week later"
            )
        fresh = [invoice for invoice in listing.entries if invoice.get("id") not in before]
        if len(fresh) != 1:
            yield context.violation(
                page, f"for {name}", pointer="/data", expected="one invoice more", actual=f"{len(fresh)} more"
            )
        else:
            yield from _expect_date_and_link(context, account, page, fresh[0], name)
            yield from expect_pdf(context, account, str(fresh[0].get("pdf_url")))
            yield from _expect_price_of_plan(context, page, fresh[0], name, account.dollars(_UNSOLD))
            yield from _expect_price_of_list(context, page, fresh[0], name, entry or {})


def _expect_price_of_plan(
    context: CheckContext, page: Exchange, invoice: dict[str, Any], name: str, dollars: int
) -> Iterator[Finding]:
    """A plan has a price of its own, so neither nothing nor the amount beside it is charged."""
    amount = number_of(invoice.get("amount"))
    if name == "a plan" and amount in (0, dollars):
        yield context.violation(
            page,
            "the price of a plan",
            pointer="/data/0/amount",
            expected="the price of the plan",
            actual=f"{amount}" if amount == 0 else f"{amount}, the amount that was sent beside it",
            severity=context.target.severity_of_assumption,
        )


def _expect_price_of_list(
    context: CheckContext, page: Exchange, invoice: dict[str, Any], name: str, entry: dict[str, Any]
) -> Iterator[Finding]:
    """The invoice has the price of the list of checkouts, if both tell one."""
    paid, listed = number_of(invoice.get("amount")), number_of(entry.get("amount"))
    if paid is not None and listed is not None and paid != listed:
        cause = f"the price on the list for {name}"
        yield context.violation(page, cause, pointer="/data/0/amount", expected=str(listed), actual=str(paid))


def _expect_date_and_link(
    context: CheckContext, account: AccountClient, page: Exchange, invoice: dict[str, Any], name: str
) -> Iterator[Finding]:
    created = parse_time(invoice.get("created_at"))
    now = account.now() if Ability.CLOCK in context.target.abilities else None
    if created is not None and now is not None and abs(now - created) > _CLOSE:
        cause = f"the date for {name}"
        yield context.violation(
            page, cause, pointer="/data/0/created_at", expected=now.isoformat(), actual=created.isoformat()
        )
    link = invoice.get("pdf_url")
    if link is not None and not str(link).startswith(("http://", "https://")):
        yield context.violation(
            page, f"the link for {name}", pointer="/data/0/pdf_url", expected="an http(s) URL", actual=str(link)
        )


def _invoices(account: AccountClient) -> Listing:
    listing = account.invoice_listing()
    if invoices_on(listing.first) is None:
        raise Undecided("the target shows no list of invoices")
    return listing


def _ids(invoices: list[dict[str, Any]]) -> list[object]:
    return [invoice.get("id") for invoice in invoices]
