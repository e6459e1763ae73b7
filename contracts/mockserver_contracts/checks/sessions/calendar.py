"""The days of a year on which local time goes wrong: a session lives 24 hours on each of them."""

from __future__ import annotations

import contextlib
from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import entry_on
from mockserver_contracts.target.answer import parse_time, session_of
from mockserver_contracts.target.undecided import Undecided

_DAY: Final = 24 * 3600
_HALF_DAY: Final = timedelta(hours=12)
_APART: Final = timedelta(days=2)
_MINUTE: Final = timedelta(minutes=1)
_LEAP_DAY: Final = "a leap day"
_THURSDAY, _FRIDAY, _SUNDAY = 3, 4, 6


@rule("lives-a-day-in-every-night", needs=(Ability.CREATE, Ability.LIST, Ability.CLOCK), once=True)
def lives_a_day_in_every_night(context: CheckContext) -> Iterator[Finding]:
    """A session lives 24 hours in every night of the year, because local time has days of 23 and of 25."""
    account = context.account()
    if not account.freeze() or (now := account.now()) is None:
        raise Undecided("the clock does not stand still")
    try:
        # The mock computes in UTC; its run is short.
        for name, night in nights_after(now, everywhere=not context.target.is_strict):
            if not account.set_clock(night - _HALF_DAY):
                raise Undecided("the clock cannot be set")
            session = account.create()
            account.advance(_DAY - 1)
            page = account.full_page()
            entry = entry_on(page, session) or account.entry(session) or {}
            created, ends = parse_time(entry.get("created_at")), parse_time(session.expires_at)
            if created is not None and ends is not None and abs((ends - created).total_seconds() - _DAY) > 1:
                yield context.violation(
                    session.answer, f"over {name}", expected="24 hours", actual=f"{ends - created} announced"
                )
                return
            if created is not None and abs(created - (night - _HALF_DAY)) > _MINUTE:
                # By the hours of half a day, both ends are wrong alike.
                yield context.violation(
                    session.answer,
                    f"created_at over {name}",
                    expected=(night - _HALF_DAY).isoformat(),
                    actual=created.isoformat(),
                )
                return
            # Whether the last instant of the 24 hours belongs to them is the server's own choice.
            for seconds, expected in ((0, "pending"), (1 if context.target.is_strict else 2, "expired")):
                if seconds:
                    account.advance(seconds)
                    page = account.full_page()
                    entry = entry_on(page, session) or account.entry(session) or {}
                if (status := entry.get("status")) != expected:
                    yield context.violation(
                        page,
                        f"over {name}",
                        pointer="/data/0/status",
                        expected=f"{expected} {'a second before' if expected == 'pending' else 'at'} its end",
                        actual=str(status),
                    )
                    return
            if name == _LEAP_DAY:
                yield from _expect_order_on_leap_day(context, account, night + _HALF_DAY)
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()


def _expect_order_on_leap_day(context: CheckContext, account: AccountClient, now: datetime) -> Iterator[Finding]:
    """Yield a finding if no session, or one of another lifetime, is created on the 29th of February."""
    answer = account.ask(amount=account.dollars(50))
    yield from context.expect_acceptance(answer, "an order on a leap day")
    session = session_of(answer, 50)
    ends = parse_time(session.expires_at) if session is not None else None
    if ends is not None and abs((ends - now).total_seconds() - _DAY) > _MINUTE.total_seconds():
        expected = (now + timedelta(seconds=_DAY)).isoformat()
        yield context.violation(answer, "an order on a leap day", expected=expected, actual=ends.isoformat())


def nights_after(now: datetime, *, everywhere: bool = False) -> list[tuple[str, datetime]]:
    """The nights of the year after `now`, and a leap day, each with its name, in order and two days apart or more.

    In most of the world clocks change in one of a few nights; `everywhere` adds other nights.
    """
    found = [night for year in (now.year, now.year + 1) for night in _nights_of(year)]
    if everywhere:
        found += [night for year in (now.year, now.year + 1) for night in _other_nights_of(year)]
    coming = sorted((night for night in found if now + _APART < night[1] < now + timedelta(days=366)), key=_instant)
    coming.append((_LEAP_DAY, _leap_day_after(coming[-1][1])))
    apart: list[tuple[str, datetime]] = []
    for name, night in coming:
        if not apart or night - apart[-1][1] > _APART:
            apart.append((name, night))
    return apart


def _leap_day_after(night: datetime) -> datetime:
    """A leap day when the seconds since 1970 are none of 32 bits any more, with a sign: they end in January 2038."""
    first = max(night.year + 1, 2039)
    return datetime(next(year for year in range(first, first + 9) if isleap(year)), 2, 29, tzinfo=UTC)


def _nights_of(year: int) -> Iterator[tuple[str, datetime]]:
    yield "the end of February", datetime(year, 3, 1, tzinfo=UTC)
    yield "the end of the year", datetime(year + 1, 1, 1, tzinfo=UTC)
    yield "the change to summer time in New York", _sunday(year, 3, 2, hour=7)
    yield "the change to winter time in New York", _sunday(year, 11, 1, hour=6)
    yield "the change to summer time in Berlin", _sunday(year, 3, -1, hour=1)
    yield "the change to winter time in Berlin", _sunday(year, 10, -1, hour=1)
    yield "the change to winter time in Sydney", _sunday(year, 4, 1, hour=-8)
    yield "the change to summer time in Sydney", _sunday(year, 10, 1, hour=-8)


def _other_nights_of(year: int) -> Iterator[tuple[str, datetime]]:
    yield "the change to summer time in Jerusalem", _sunday(year, 3, -1, hour=-48)
    yield "the change to summer time in Cairo", _last(year, 4, _FRIDAY) + timedelta(hours=-2)
    yield "the change to winter time in Cairo", _last(year, 10, _THURSDAY) + timedelta(hours=21)


def _sunday(year: int, month: int, number: int, *, hour: int) -> datetime:
    """An hour of the first, second or last (-1) Sunday of a month, UTC."""
    if number > 0:
        first = datetime(year, month, 1, tzinfo=UTC)
        day = first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
    else:
        day = _last(year, month, _SUNDAY)
    return day + timedelta(hours=hour)


def _last(year: int, month: int, weekday: int) -> datetime:
    """The last of these weekdays of a month before December, at midnight UTC."""
    end = datetime(year, month + 1, 1, tzinfo=UTC) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7)


def _instant(night: tuple[str, datetime]) -> datetime:
    return night[1]
