"""The lifetime of a session: 24 hours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import entry_on, path_at_target, require_payment
from mockserver_contracts.target.answer import ABSENT, Session, parse_time
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

LIFETIME: Final = timedelta(hours=24)
_HOUR: Final = 3600
DAY: Final = 24 * _HOUR
# What a page answers that is not there, or not any more.
_CLOSED: Final = frozenset({404, 410})
# A running clock advances while a request is under way.
MARGIN: Final = 60
# Zones differ by quarters of an hour, from -12 to +14 hours.
_QUARTER: Final = timedelta(minutes=15)
_MOST_QUARTERS: Final = 14 * 4
# What is left of the end of a time that names its zone.
_ZONES: Final = frozenset({"Z", "z", "+", "-"})


@check("session-expires-after-24-hours")
def session_expires_after_24_hours(context: CheckContext) -> Iterator[Finding]:
    """The list, the control API and a payment agree on the status a second before, at and after the end."""
    account = context.account()
    if Ability.CLOCK not in context.target.abilities:
        yield from expect_lifetime(context, account, account.create())
        context.require(Ability.CLOCK)
    if not {Ability.LIST, Ability.SESSIONS, Ability.PAY} & context.target.abilities:
        raise Undecided("nothing tells the status of a session")
    with clock_reset_after(account):
        margin = 1 if account.freeze() else MARGIN
        session, unpaid = account.create(), account.create(dollars=7)
        findings = list(expect_lifetime(context, account, session))
        yield from findings
        if findings:
            return
        # Whether the last instant of the 24 hours belongs to them is the server's own choice.
        late = 0 if context.target.is_strict else 1
        account.advance(DAY - margin)
        yield from _expect_status(context, account, session, "pending", "before its end")
        account.advance(margin + late)
        yield from _expect_status(context, account, session, "expired", "at its end")
        yield from _expect_no_payment(context, account, session, "at its end")
        yield from _expect_closed_page(context, session)
        account.advance(margin)
        yield from _expect_status(context, account, unpaid, "expired", "after its end")
        yield from _expect_no_payment(context, account, unpaid, "after its end")
        if account.reset_clock():
            # No voice speaks of a clock that goes back: a server may tell the status from the time.
            if context.target.is_strict:
                yield from _expect_status(context, account, session, "expired", "when the clock is set back")
            account.freeze()
            account.advance(3 * DAY)
        # A page that a buyer opens does not begin the day again.
        opened = account.create()
        account.advance(DAY - _HOUR)
        with contextlib.suppress(LeadsElsewhere):
            page = open_page(context.target.client, opened.url).answer
            if page.status in _CLOSED or page.status >= 500:
                cause, operation = "the page does not open in its last hour", "GET the session's URL"
                yield context.violation(page, cause, operation=operation, expected="200")
            account.advance(_HOUR + late)
            yield from _expect_no_payment(context, account, opened, "opened before")
        # A payment must be refused even if nothing has read the session since it expired.
        unread = account.create()
        account.advance(8 * DAY)
        yield from _expect_no_payment(context, account, unread, "unseen since", is_read=False)


@check("completed-session-does-not-expire", needs=(Ability.CREATE, Ability.PAY, Ability.CLOCK))
def completed_session_does_not_expire(context: CheckContext) -> Iterator[Finding]:
    """A completed session is still completed after 24 hours."""
    account = context.account()
    if not {Ability.LIST, Ability.SESSIONS} & context.target.abilities:
        raise Undecided("nothing tells the status of a session")
    session = account.create()
    require_payment(account.pay(session))
    with clock_reset_after(account):
        account.advance(DAY + MARGIN)
        yield from _expect_status(context, account, session, "completed", "after 24 hours")


@rule("expired-stays-expired", needs=(Ability.CREATE, Ability.SESSIONS, Ability.PAY), once=True)
def expired_stays_expired(context: CheckContext) -> Iterator[Finding]:
    """An expired session can be neither paid nor cancelled, because nothing brings it back to life."""
    account = context.account()
    session = account.create()
    answer = account.expire(session)
    if answer.status in ABSENT:
        raise Undecided("no control of expiry")
    if not answer.is_accepted:
        yield context.violation(answer, "a pending session cannot be expired", expected="200")
        return
    yield from _expect_status(context, account, session, "expired", "by control")
    yield from _expect_no_payment(context, account, session, "by control")
    yield from _expect_no_payment(context, account, session, "at the second try")
    cancelled = account.cancel(session)
    if cancelled.status not in ABSENT:
        yield from context.expect_refusal(cancelled, "an expired session is cancelled", status=410)
    yield from _expect_status(context, account, session, "expired", "after being tried")


@rule("times-agree", needs=(Ability.CREATE,))
def times_agree(context: CheckContext) -> Iterator[Finding]:
    """The list and the control API show a session alike, because both read the same facts."""
    account = context.account()
    session = account.create(dollars=7)
    answers: dict[str, tuple[Exchange, dict[str, object]]] = {}
    if Ability.LIST in context.target.abilities:
        page = account.full_page()
        if (entry := entry_on(page, session) or account.entry(session)) is not None:
            answers["the list"] = page, entry
    if Ability.SESSIONS in context.target.abilities:
        look = account.look(session)
        if isinstance(look.json, dict) and look.is_accepted:
            answers["the control API"] = look, look.json
    known: dict[str, object] = {"id": session.id, "status": "pending", "amount": session.dollars, "currency": "usd"}
    if session.expires_at is not None:
        known["expires_at"] = session.expires_at
    for place, (answer, entry) in answers.items():
        for name, value in entry.items():
            if name.endswith("_at") and value is not None and parse_time(value) is None:
                yield context.violation(answer, f"{name} by {place} is no time", expected="a time", actual=str(value))
            # Null may stand for a member that is left out; the schema and the claims say which ones have to come.
            if name in known and value is not None and not _is_same(name, known[name], value):
                yield context.violation(answer, f"{name} by {place}", expected=str(known[name]), actual=str(value))
            if name in ("created_at", "expires_at", "amount", "currency") and value is not None:
                known.setdefault(name, value)
    created = parse_time(known.get("created_at"))
    if created is not None and str(known["created_at"])[-6:].strip("0123456789:.") in _ZONES:
        yield from _expect_universal_time(context, account, session, created)
    if Ability.CLOCK in context.target.abilities and created is not None:
        now = account.now()
        if now is not None and not timedelta(seconds=-2) <= now - created <= timedelta(minutes=1):
            answer = next(iter(answers.values()))[0]
            yield context.violation(
                answer, "created_at is not by the clock", expected=now.isoformat(), actual=created.isoformat()
            )
        if Ability.LIST in context.target.abilities:
            with clock_reset_after(account):
                account.advance(3600)
                page = account.full_page()
                later = (entry_on(page, session) or account.entry(session) or {}).get("created_at")
            if later is not None and not _is_same("created_at", known["created_at"], later):
                created_at = str(known["created_at"])
                yield context.violation(page, "created_at an hour later", expected=created_at, actual=str(later))


def _expect_universal_time(
    context: CheckContext, account: AccountClient, session: Session, created: datetime
) -> Iterator[Finding]:
    """Yield a finding if a server without a moved clock gives its local time out as that of another zone."""
    if context.target.is_mock or (served := _date_of(session.answer)) is None:
        return
    if Ability.CLOCK in context.target.abilities:
        clock = account.client.control_call("GET", "/clock", query={"key": account.key})
        if clock.at("offset_seconds") != 0 or clock.at("frozen") is True:
            return
    quarters = round((created - served) / _QUARTER)
    if 0 < abs(quarters) <= _MOST_QUARTERS and abs(created - served - quarters * _QUARTER) < timedelta(minutes=1):
        yield context.violation(
            session.answer, "created_at is a local time", expected=served.isoformat(), actual=created.isoformat()
        )


def _date_of(answer: Exchange) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.header("date") or "").astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_same(name: str, one: object, other: object) -> bool:
    first, second = parse_time(one), parse_time(other)
    if name.endswith("_at") and first is not None and second is not None:
        # A server may omit fractions of a second in one place.
        return abs(first - second) < timedelta(seconds=1)
    return one == other


def expect_lifetime(context: CheckContext, account: AccountClient, session: Session) -> Iterator[Finding]:
    """Yield a finding if the target shows another lifetime than 24 hours."""
    answer, ends, created = session.answer, session.expires_at, None
    if Ability.SESSIONS in context.target.abilities:
        look = account.look(session)
        created = look.at("created_at")
        if ends is None and look.is_accepted:
            answer, ends = look, look.at("expires_at")
    if created is None and Ability.LIST in context.target.abilities:
        entry = account.entry(session) or {}
        created = entry.get("created_at")
    begin, end = parse_time(created), parse_time(ends)
    if begin is None or end is None:
        return
    if abs(end - begin - LIFETIME) > timedelta(seconds=1):
        expected, actual = "24 hours after its creation", str(end - begin)
        yield context.violation(answer, "another lifetime is announced", expected=expected, actual=actual)


def _expect_status(
    context: CheckContext, account: AccountClient, session: Session, status: str, when: str
) -> Iterator[Finding]:
    """Yield findings if the list or the control API shows another status."""
    if Ability.LIST in context.target.abilities:
        page = account.full_page()
        entry = entry_on(page, session) or account.entry(session)
        actual = "not on the list" if entry is None else str(entry.get("status"))
        if actual != status:
            yield context.violation(
                page, f"on the list {when}", pointer="/data/0/status", expected=status, actual=actual
            )
    if Ability.SESSIONS in context.target.abilities:
        look = account.look(session)
        if look.at("status") != status:
            yield context.violation(
                look, f"by control {when}", pointer="/status", expected=status, actual=str(look.at("status"))
            )


def _expect_no_payment(
    context: CheckContext, account: AccountClient, session: Session, when: str, *, is_read: bool = True
) -> Iterator[Finding]:
    """Yield findings if an expired session can be paid, or if the refused payment changes the balance."""
    if Ability.PAY not in context.target.abilities:
        return
    # Any read may make the server notice the time; an unread session must stay unread.
    before = account.balance() if is_read and Ability.USAGE in context.target.abilities else None
    answer = account.pay(session)
    yield from context.expect_refusal(answer, f"paid when expired, {when}", status=410)
    if before is not None and (after := account.balance()) != before and not answer.is_accepted:
        yield context.violation(answer, f"credited when expired, {when}", expected=str(before), actual=str(after))


def _expect_closed_page(context: CheckContext, session: Session) -> Iterator[Finding]:
    """Yield a finding if the mock's page of an expired session does not answer 410.

    Other servers may show any page with any status.
    """
    if not context.target.has_mock_limits or path_at_target(context.target.client, session.url) is None:
        return
    page = open_page(context.target.client, session.url).answer
    if page.status != 410:
        yield context.violation(page, "the page opens", operation="GET the session's URL", expected="410")


@contextlib.contextmanager
def clock_reset_after(account: AccountClient) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()
