"""The 24 hours of a session."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session, entries_of, instant
from mockserver_contracts.target.undecided import Undecided

LIFE: Final = timedelta(hours=24)
_DAY: Final = 24 * 3600
# Where a clock cannot be stopped, the way to a target takes its time.
_MARGIN: Final = 60


@check("session-expires-after-24-hours")
def session_expires_after_24_hours(context: CheckContext) -> Iterator[Finding]:
    """One second before, at and after the end, as the list, the control API and paying see it."""
    account = context.account()
    if Ability.CLOCK not in context.has:
        yield from _told_life(context, account, account.create())
        context.need(Ability.CLOCK)
    if not {Ability.LIST, Ability.SESSIONS, Ability.PAY} & context.has:
        raise Undecided("nothing tells the status of a session")
    with _clock(account):
        margin = 1 if account.freeze() else _MARGIN
        session, unpaid = account.create(), account.create(dollars=7)
        told = list(_told_life(context, account, session))
        yield from told
        if told:
            return
        account.advance(_DAY - margin)
        yield from _stands(context, account, session, "pending", "before its end")
        account.advance(margin)
        yield from _stands(context, account, session, "expired", "at its end")
        yield from _is_over(context, account, session, "at its end")
        yield from _page_is_over(context, session)
        account.advance(margin)
        yield from _stands(context, account, unpaid, "expired", "after its end")
        yield from _is_over(context, account, unpaid, "after its end")
        if account.reset_clock():
            yield from _stands(context, account, session, "expired", "when the clock is set back")
            account.freeze()
            account.advance(3 * _DAY)
        # Whoever asks for money first must get the same answer as who looks first.
        blind = account.create()
        account.advance(_DAY)
        yield from _is_over(context, account, blind, "unseen since", is_seen=False)


@rule("pending-until-its-end", needs=(Ability.CREATE, Ability.CLOCK, Ability.PAY), once=True)
def pending_until_its_end(context: CheckContext) -> Iterator[Finding]:
    """In the last second of its life a session can be paid."""
    account = context.account()
    with _clock(account):
        margin = 1 if account.freeze() else _MARGIN
        session = account.create()
        account.advance(_DAY - margin)
        answer = account.pay(session)
        if not answer.is_accepted:
            yield context.broken(answer, "not payable in its last second", expected="200")


@check("completed-session-does-not-expire", needs=(Ability.CREATE, Ability.PAY, Ability.CLOCK))
def completed_session_does_not_expire(context: CheckContext) -> Iterator[Finding]:
    """Paid is paid."""
    account = context.account()
    if not {Ability.LIST, Ability.SESSIONS} & context.has:
        raise Undecided("nothing tells the status of a session")
    session = account.create()
    if not account.pay(session).is_accepted:
        raise Undecided("the session cannot be paid")
    with _clock(account):
        account.advance(_DAY + _MARGIN)
        yield from _stands(context, account, session, "completed", "after 24 hours")


@rule("expired-stays-expired", needs=(Ability.CREATE, Ability.SESSIONS, Ability.PAY), once=True)
def expired_stays_expired(context: CheckContext) -> Iterator[Finding]:
    """Nothing brings an expired session to life or makes money of it."""
    account = context.account()
    session = account.create()
    answer = account.expire(session)
    if answer.status in (404, 405, 501):
        raise Undecided("no control of expiry")
    if not answer.is_accepted:
        yield context.broken(answer, "a pending session cannot be expired", expected="200")
        return
    yield from _stands(context, account, session, "expired", "by control")
    yield from _is_over(context, account, session, "by control")
    yield from _is_over(context, account, session, "at the second try")
    cancelled = account.cancel(session)
    if cancelled.status not in (404, 405, 501):
        yield from context.refused(cancelled, "an expired session is cancelled", exactly=410)
    yield from _stands(context, account, session, "expired", "after being tried")


@rule("times-agree", needs=(Ability.CREATE,))
def times_agree(context: CheckContext) -> Iterator[Finding]:
    """A session has one id, one time of creation and one end, wherever they appear."""
    account = context.account()
    session = account.create(dollars=7)
    shown: dict[str, tuple[Exchange, dict[str, object]]] = {}
    if Ability.LIST in context.has:
        page = account.page(limit=10)
        entry = next((e for e in page.at("data") or [] if isinstance(e, dict) and e.get("id") == session.id), None)
        if entry is not None:
            shown["the list"] = page, entry
    if Ability.SESSIONS in context.has:
        look = account.look(session)
        if isinstance(look.json, dict) and look.is_accepted:
            shown["the control API"] = look, look.json
    known: dict[str, object] = {"id": session.id, "status": "pending", "amount": session.dollars, "currency": "usd"}
    if session.expires_at is not None:
        known["expires_at"] = session.expires_at
    for place, (answer, entry) in shown.items():
        for name, value in entry.items():
            if name.endswith("_at") and value is not None and instant(value) is None:
                yield context.broken(answer, f"{name} by {place} is no time", expected="a time", actual=str(value))
            if name in known and not _same(name, known[name], value):
                yield context.broken(answer, f"{name} by {place}", expected=str(known[name]), actual=str(value))
            if name in ("created_at", "expires_at", "amount", "currency"):
                known.setdefault(name, value)
    if Ability.CLOCK in context.has and (created := instant(known.get("created_at"))) is not None:
        now = account.now()
        if now is not None and not timedelta(seconds=-2) <= now - created <= timedelta(minutes=1):
            answer = next(iter(shown.values()))[0]
            yield context.broken(
                answer, "created_at is not by the clock", expected=now.isoformat(), actual=created.isoformat()
            )
        if Ability.LIST in context.has:
            with _clock(account):
                account.advance(3600)
                page = account.page(limit=10)
            later = next((e.get("created_at") for e in entries_of(page) if e.get("id") == session.id), None)
            if not _same("created_at", known["created_at"], later):
                told = str(known["created_at"])
                yield context.broken(page, "created_at an hour later", expected=told, actual=str(later))


def _same(name: str, one: object, other: object) -> bool:
    first, second = instant(one), instant(other)
    if name.endswith("_at") and first is not None and second is not None:
        # Not everybody shows parts of a second everywhere.
        return abs(first - second) < timedelta(seconds=1)
    return one == other


def _told_life(context: CheckContext, account: AccountClient, session: Session) -> Iterator[Finding]:
    """A finding where the target tells another end than 24 hours after the creation."""
    answer, ends, created = session.answer, session.expires_at, None
    if Ability.SESSIONS in context.has:
        look = account.look(session)
        created = look.at("created_at")
        if ends is None and look.is_accepted:
            answer, ends = look, look.at("expires_at")
    if created is None and Ability.LIST in context.has:
        entry = account.entry(session) or {}
        created = entry.get("created_at")
    begin, end = instant(created), instant(ends)
    if begin is None or end is None:
        return
    if abs(end - begin - LIFE) > timedelta(seconds=1):
        told = str(end - begin)
        yield context.broken(answer, "another lifetime is told", expected="24 hours after its creation", actual=told)


def _stands(
    context: CheckContext, account: AccountClient, session: Session, status: str, when: str
) -> Iterator[Finding]:
    """Findings where the list or the control API shows another status."""
    if Ability.LIST in context.has:
        page = account.page(limit=100)
        entries = page.at("data") or []
        shown = [e.get("status") for e in entries if isinstance(e, dict) and e.get("id") == session.id]
        actual = str(shown[0]) if shown else "not on the list"
        if actual != status:
            yield context.broken(page, f"on the list {when}", pointer="/data/0/status", expected=status, actual=actual)
    if Ability.SESSIONS in context.has:
        look = account.look(session)
        if look.at("status") != status:
            yield context.broken(
                look, f"by control {when}", pointer="/status", expected=status, actual=str(look.at("status"))
            )


def _is_over(
    context: CheckContext, account: AccountClient, session: Session, when: str, *, is_seen: bool = True
) -> Iterator[Finding]:
    """Findings where an expired session can be paid, or its payment changes the balance."""
    if Ability.PAY not in context.has:
        return
    # Whoever looks at anything may make the server notice the time; what is unseen stays so.
    before = account.balance() if is_seen and Ability.USAGE in context.has else None
    answer = account.pay(session)
    yield from context.refused(answer, f"paid when expired, {when}", exactly=410)
    if before is not None and (after := account.balance()) != before and not answer.is_accepted:
        yield context.broken(answer, f"credited when expired, {when}", expected=str(before), actual=str(after))


def _page_is_over(context: CheckContext, session: Session) -> Iterator[Finding]:
    """A finding where the page of an expired session opens as if it could be paid.

    Another server may show what it likes there, with any status; this one says 410.
    """
    here, parts = urlsplit(context.client.url), urlsplit(session.url)
    if not context.setting.holds_limits or (parts.hostname, parts.port) != (here.hostname, here.port):
        return
    page = context.client.send("GET", parts.path.removeprefix(here.path.rstrip("/")), {"accept": "text/html"})
    if page.status != 410:
        yield context.broken(page, "the page opens", operation="GET the session's URL", expected="410")


@contextlib.contextmanager
def _clock(account: AccountClient) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()
