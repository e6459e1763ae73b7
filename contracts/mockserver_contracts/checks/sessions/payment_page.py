"""The page that buyers pay at: its form does what a payment does, and nothing else about it does."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import leads_to, number_of, path_at_target
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.payment_form import NoForm, PaymentForm, form_on, pay_at_once
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_SUCCESS: Final = "https://shop.example/paid-at-its-page?a=1&b=2#done"
_CANCEL: Final = "https://shop.example/left-its-page?a=1#top"
_REDIRECTS: Final = {"success_url": _SUCCESS, "successUrl": _SUCCESS, "cancel_url": _CANCEL, "cancelUrl": _CANCEL}
_BY_ITSELF: Final = re.compile("http-equiv=.?refresh|location", re.IGNORECASE)
_DAY: Final = 25 * 3600
# With these a browser would send the card on to the shop.
_SENDS_THE_FORM_ON: Final = frozenset({307, 308})


@rule("paid-at-its-page", needs=(Ability.CREATE, Ability.USAGE, Ability.SESSIONS, Ability.FREE), once=True)
def paid_at_its_page(context: CheckContext) -> Iterator[Finding]:
    """The form of a session's page pays it once and sends the buyer to the shop, because that is where buyers pay."""
    account, client = context.new_account(), context.target.client
    session = account.create(dollars=50, **_REDIRECTS)
    late = _plan_or_amount(account)
    credits = number_of(account.look(session).at("credits"))
    before = account.balance()
    try:
        pages = [open_page(client, each.url) for each in (session, late)]
    except LeadsElsewhere as elsewhere:
        # A page of another host is not looked at; the shop's own is none to pay at.
        if urlsplit(elsewhere.url).hostname == urlsplit(_SUCCESS).hostname:
            page, cause = client.exchanges[-1], "sent to the shop without a payment"
            yield context.violation(page, cause, expected="a page to pay at", actual=elsewhere.url)
        raise
    if gain := account.balance() - before:
        cause = "credits for a look at the page"
        yield context.violation(pages[0].answer, cause, expected="none", actual=f"{gain} credits more")
        return
    if (page := pages[1].answer).status != 200:
        yield context.violation(page, "the page of a plan does not open", expected="200", actual=page.summary)
        return
    first, late_form = (form_on(page, client) for page in pages)
    try:
        _open(context, session)
        last = _open(context, session)
    except NoForm:
        page = client.exchanges[-1]
        yield context.violation(page, "the form is gone at a later look", expected="the form", actual=page.summary)
        return
    yield from _expect_no_server_error(context, session)
    yield from _expect_cancellation(context, account, late, late_form)
    # A buyer with two tabs, or a double click: one of the answers is that of a payment.
    paid = min(pay_at_once(client, [last, first]), key=lambda answer: answer.status)
    gain = account.balance() - before
    location = paid.header("location")
    says_paid = paid.status < 400 and leads_to(location, _SUCCESS, session=session, exactly=False)
    is_unclear = not context.target.is_strict and not says_paid and (paid.status >= 400 or not gain)
    # only a server knows what its form needs; one that says that it was paid must have credited something
    if is_unclear and account.look(session).at("status") != "completed":
        raise Undecided("the page takes more than a card to pay")
    if paid.status >= 400:
        actual = paid.summary
        yield context.violation(paid, "the form of a pending session is refused", expected="a redirect", actual=actual)
    elif gain <= 0 or gain != (gain if credits is None else credits):
        expected = "the credits of one session" if credits is None else f"{credits} credits more"
        yield context.violation(paid, "credits for a payment", expected=expected, actual=f"{gain} credits more")
    else:
        yield from _expect_redirect(context, session, paid)
        other = _plan_or_amount(account)
        yield from _expect_redirect(context, other, _open(context, other).pay(client))
        yield from _expect_completed(context, account, session, paid)
        yield from _expect_decline(context, account, late, late_form)
        # A server that declines no card has credited the late session by now.
        yield from _expect_nothing_further(context, account, session, first, late_form)


def _plan_or_amount(account: AccountClient) -> Session:
    """A session of another kind than the first: for a plan, if the target sells any."""
    answer = account.ask(mode="subscription", plan_id="plan-basic", **_REDIRECTS)
    return account.created(answer, 0) if answer.is_accepted else account.create(dollars=7, **_REDIRECTS)


def _expect_no_server_error(context: CheckContext, session: Session) -> Iterator[Finding]:
    """A page of no session may answer anything but a server error."""
    path = path_at_target(context.target.client, session.url)
    if path is None or session.id not in path:
        return
    answer = context.target.client.send("GET", path.replace(session.id, f"{session.id[:-4]}none"), {})
    if answer.status >= 500:
        yield context.violation(answer, "the page of no session", expected="a refusal (4xx)", actual=answer.summary)


def _expect_cancellation(
    context: CheckContext, account: AccountClient, session: Session, form: PaymentForm
) -> Iterator[Finding]:
    """The form's button to cancel leaves the session open, and leads to the cancel URL, by a link at least."""
    cancelled = form.cancel(context.target.client)
    if cancelled is None:
        return
    status = account.look(session).at("status")
    if status in ("expired", "completed") and cancelled.status < 400:
        yield context.violation(cancelled, "closed by a cancellation", expected="pending", actual=str(status))
    location = _way_on(context, session, cancelled)
    if location is None and cancelled.status < 400 and _CANCEL.encode() not in cancelled.response.body:
        yield context.violation(cancelled, "sent nowhere after a cancellation", expected=_CANCEL, actual="no redirect")
    if location is None or path_at_target(context.target.client, urljoin(session.url, location)) is not None:
        return
    if not leads_to(location, _CANCEL, session=session, exactly=context.target.is_strict):
        yield context.violation(cancelled, "sent elsewhere after a cancellation", expected=_CANCEL, actual=location)


def _expect_decline(
    context: CheckContext, account: AccountClient, session: Session, form: PaymentForm
) -> Iterator[Finding]:
    """A declined card pays nothing and sends no buyer to the success URL; a server may decline no card."""
    declined = form.pay(context.target.client, card=DECLINED)
    is_sent_on = leads_to(declined.header("location"), _SUCCESS, session=session, exactly=False)
    status = account.look(session).at("status")
    if is_sent_on and status == "pending":
        cause = "sent to the shop by a declined card"
        yield context.violation(declined, cause, expected="no redirect to the success URL", actual=declined.summary)
    elif status == "completed" and account.pay(account.create(dollars=2), card=DECLINED).is_refused:
        cause = "paid by a card that is declined elsewhere"
        yield context.violation(declined, cause, expected="pending", actual=str(status))


def _expect_nothing_further(
    context: CheckContext, account: AccountClient, session: Session, paid: PaymentForm, late: PaymentForm
) -> Iterator[Finding]:
    """The form of a paid session pays nothing again, and that of an expired one nothing: the balance stays."""
    client, balance = context.target.client, account.balance()
    again = paid.pay(client)
    paid.cancel(client)
    if (status := account.look(session).at("status")) not in (None, "completed"):
        yield context.violation(again, "cancelled when it was paid", expected="completed", actual=str(status))
        return
    if again.status >= 500:
        yield context.violation(again, "paid twice by the form", expected="a refusal (4xx)", actual=again.summary)
        return
    if Ability.CLOCK not in context.target.abilities:
        return
    try:
        account.advance(_DAY)
        expired = late.pay(client)
        further = account.balance() - balance
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()
    if further:
        cause = "credits for a session that was paid or has expired"
        yield context.violation(expired, cause, expected="none", actual=f"{further} credits more")


def _open(context: CheckContext, session: Session) -> PaymentForm:
    client = context.target.client
    return form_on(open_page(client, session.url), client)


def _expect_completed(
    context: CheckContext, account: AccountClient, session: Session, paid: Exchange
) -> Iterator[Finding]:
    entry = account.entry(session) if Ability.LIST in context.target.abilities else None
    if entry is not None and entry.get("status") != "completed":
        actual = str(entry.get("status"))
        yield context.violation(paid, "on the list after a payment", expected="completed", actual=actual)


def _expect_redirect(context: CheckContext, session: Session, paid: Exchange) -> Iterator[Finding]:
    location = _way_on(context, session, paid)
    if paid.status in _SENDS_THE_FORM_ON:
        actual = f"{paid.status}, which sends the card on to the shop"
        yield context.violation(paid, "the redirect of a payment", expected="303", actual=actual)
    elif location is not None:
        if not leads_to(location, _SUCCESS, session=session, exactly=context.target.is_strict):
            yield context.violation(paid, "sent elsewhere after a payment", expected=_SUCCESS, actual=location)
    elif not _leads_on(html.unescape(paid.response.body.decode("utf-8", "replace"))):
        yield context.violation(
            paid, "sent nowhere after a payment", expected=f"a redirect to {_SUCCESS}", actual=paid.summary
        )


def _way_on(context: CheckContext, session: Session, paid: Exchange) -> str | None:
    """The redirect of a form to another host: pages of the target's own may come before it."""
    location = paid.header("location")
    if location is None or path_at_target(context.target.client, own := urljoin(session.url, location)) is None:
        return location
    try:
        return open_page(context.target.client, own).answer.header("location") or location
    except LeadsElsewhere as elsewhere:
        return elsewhere.url


def _leads_on(page: str) -> bool:
    """A page of its own leads to the shop by itself; a link is no redirect."""
    return _SUCCESS in page and _BY_ITSELF.search(page) is not None
