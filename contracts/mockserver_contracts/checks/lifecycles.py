"""Whole lives: sessions of every kind, each led through another life, against what has to become of them.

The checks beside this one look at one thing each. Here many sessions live side by side, since what is wrong often
shows only with one kind of order, after one kind of try, or at a later look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.order_samples import KINDS, TEMPLATE, Kind
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.answer import Answer, Session, Undecided, entries_of, instant

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_LATER: Final = 600
_OTHER_CARD: Final = "5555555555554444"
_NO_FUNDS: Final = "4000000000009995"
# What is tried before a session is paid, or left to its end: c is cancelled, d is declined.
_TRIES: Final = ("", "d", "c", "dc", "cc", "ddd", "cd")
_USED: Final = ("usage_this_month", "credit_used")
_FEW: Final = 6


@dataclass(slots=True)
class Lifecycle:
    """A session as it has to be."""

    kind: Kind
    session: Session
    tries: str
    # Whether it is to be paid, and whether it was created an hour after the first.
    is_paid: bool
    is_later: bool = False
    status: str = "pending"
    created_at: object = None


@dataclass(slots=True)
class Book:
    """What an account has to show."""

    context: CheckContext
    account: AccountClient
    lives: list[Lifecycle] = field(default_factory=list)
    balance: Decimal = Decimal(0)
    # What is learned from the first payment of each kind: credits for a dollar, credits for a plan.
    rate: Decimal | None = None
    plans: dict[str, Decimal] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    # What of its credits the account had used before; nobody uses any here.
    used: dict[str, Decimal] = field(default_factory=dict)

    def listed(self, when: str) -> Iterator[Finding]:
        """Findings where the list shows anything else."""
        page = self.account.page(limit=100)
        entries = entries_of(page)
        shown = {str(entry.get("id")): entry for entry in entries}
        if foreign := self.strangers & shown.keys():
            yield self._wrong(page, f"another account's session on the list {when}", "not there", foreign.pop())
        for life in self.lives:
            entry = shown.get(life.session.id)
            if entry is None:
                yield self._wrong(page, f"not on the list {when}", life.status, "not there", life)
                return
            wrong = [
                (name, told, entry.get(name))
                for name, told in (("status", life.status), ("amount", life.kind.dollars or entry.get("amount")))
                if entry.get(name) != told
            ]
            if wrong:
                name, told, actual = wrong[0]
                yield self._wrong(page, f"{name} on the list {when}", str(told), str(actual), life)
                return
            if life.created_at is None:
                life.created_at = entry.get("created_at")
            elif instant(life.created_at) != instant(entry.get("created_at")):
                told = str(life.created_at)
                yield self._wrong(page, f"created_at {when}", told, str(entry.get("created_at")), life)
                return
        mine = [str(entry.get("id")) for entry in entries if str(entry.get("id")) in self._ids()]
        if mine != [life.session.id for life in reversed(self.lives)]:
            yield self._wrong(page, f"order of the list {when}", "the newest first", "another order")

    def worth(self, when: str) -> Iterator[Finding]:
        """Findings where the balance is another, or credits are told as used that nobody used."""
        usage = self.account.usage()
        balance = _number(usage.at("data", "credit_balance"))
        if balance != self.balance:
            yield self._wrong(usage, f"balance {when}", str(self.balance), str(balance))
        for name in _USED:
            used, before = _number(usage.at("data", name)), self.used.get(name, Decimal(0))
            # A month begins with nothing used in it.
            if used is not None and used != before and not (name == "usage_this_month" and used == 0):
                yield self._wrong(usage, f"{name} {when}", str(before), str(used))

    def pay(self, life: Lifecycle) -> Iterator[Finding]:
        """Pay the session; findings where it is not worth what its like is, or leads elsewhere."""
        answer = self.account.pay(life.session)
        if not answer.is_accepted:
            yield self._wrong(answer, "a pending session cannot be paid", "200", answer.told, life)
            return
        life.status = "completed"
        yield from self.leads(answer, life, life.kind.success_url, "success URL")
        if Ability.USAGE not in self.context.has:
            return
        usage = self.account.usage()
        gain = (_number(usage.at("data", "credit_balance")) or Decimal(0)) - self.balance
        self.balance += gain
        if life.kind.plan is not None:
            expected = self.plans.setdefault(life.kind.plan, gain)
        else:
            self.rate = gain / life.kind.dollars if self.rate is None else self.rate
            expected = self.rate * life.kind.dollars
        if gain != expected or gain <= 0:
            yield self._wrong(answer, "credits for a payment", f"{expected} credits more", f"{gain} credits more", life)

    def leads(self, answer: Answer, life: Lifecycle, url: str | None, name: str) -> Iterator[Finding]:
        """Findings where the browser is not sent to the URL of this session."""
        if not isinstance(answer.json, dict) or "redirect_url" not in answer.json:
            return
        told = answer.json["redirect_url"]
        expected = None if url is None else url.replace(TEMPLATE, life.session.id)
        is_wrong = told != expected if expected is not None else _is_a_shops(told)
        if is_wrong:
            yield self._wrong(answer, f"another {name}", str(expected), str(told), life)

    def refused(self, life: Lifecycle, *, card: str | None, when: str) -> Iterator[Finding]:
        """Findings where a session that is over can be paid."""
        answer = self.account.pay(life.session, card=card)
        if answer.is_accepted:
            yield self._wrong(answer, f"paid {when}", "a refusal (4xx)", answer.told, life)

    def _ids(self) -> set[str]:
        return {life.session.id for life in self.lives}

    def _wrong(self, answer: Answer, cause: str, expected: str, actual: str, life: Lifecycle | None = None) -> Finding:
        about = "" if life is None else f" ({life.kind.name}{_told(life.tries)})"
        title = f"Of many sessions side by side one is wrong: {cause}{about}"
        return self.context.broken(answer, cause, expected=expected, actual=actual, title=title)


@rule("whole-lives", needs=(Ability.CREATE, Ability.LIST, Ability.PAY, Ability.FREE), once=True)
def whole_lives(context: CheckContext) -> Iterator[Finding]:
    """Sessions of every kind, tried, paid, expired and looked at again, come to what they have to."""
    account = context.account()
    book = Book(context, account)
    if Ability.USAGE in context.has:
        book.balance = account.balance()
        usage = account.usage()
        book.used = {name: _number(usage.at("data", name)) or Decimal(0) for name in _USED}
    with contextlib.suppress(Undecided):
        stranger = context.stranger()
        if stranger.key != account.key:
            book.strangers = {stranger.create(dollars=kind.dollars).id for kind in KINDS[:2]}
    has_clock = Ability.CLOCK in context.has and account.freeze()
    try:
        # What is wrong in one stage shows again in those after it: the first tells enough.
        for stage in (_made, _tried, _paid, _aged, _later) if has_clock else (_made, _tried, _paid):
            found = list(stage(book))
            yield from found
            if found:
                return
    finally:
        with contextlib.suppress(Undecided):
            account.reset_clock()


def _made(book: Book) -> Iterator[Finding]:
    """Every kind twice: one to be paid, one to be left; an hour lies between the two halves."""
    for half in (0, 1):
        for number, kind in enumerate(KINDS):
            answer = book.account.ask(**kind.fields)
            if not answer.is_accepted:
                # Whether it has to be taken is for other checks to say.
                continue
            session = book.account.created(answer, kind.dollars)
            tries = _TRIES[(number + 3 * half) % len(_TRIES)]
            # Of each kind one is paid and one left to its end; older and newer ones of either.
            book.lives.append(Lifecycle(kind, session, tries, is_paid=(number + half) % 2 == 1, is_later=half == 1))
        if half == 0 and Ability.CLOCK in book.context.has:
            book.account.advance(_HOUR)
    yield from book.listed("when it is new")
    if Ability.USAGE in book.context.has:
        yield from book.worth("when nothing is paid")


def _tried(book: Book) -> Iterator[Finding]:
    """Declined and cancelled sessions stay open."""
    cards = (DECLINED, _NO_FUNDS)
    for number, life in enumerate(book.lives):
        for one in life.tries:
            if one == "d":
                answer = book.account.pay(life.session, card=cards[number % 2])
                if answer.is_accepted:
                    # A server that declines no card has a simple control API: this session is paid.
                    raise Undecided("the target declines no card")
            elif Ability.CANCEL in book.context.has:
                answer = book.account.cancel(life.session)
                if answer.is_accepted:
                    yield from book.leads(answer, life, life.kind.cancel_url, "cancel URL")
    yield from book.listed("when it was tried")
    if Ability.USAGE in book.context.has:
        yield from book.worth("when it was tried")


def _paid(book: Book) -> Iterator[Finding]:
    """Each kind is worth what its like is."""
    if Ability.CLOCK in book.context.has:
        book.account.advance(_LATER)
    # The oldest last: who orders the list by what changed last is found out.
    for life in reversed(book.lives):
        if life.is_paid:
            yield from book.pay(life)
    yield from book.listed("when others were paid")


def _aged(book: Book) -> Iterator[Finding]:
    """Each expires 24 hours after its own creation, whatever was tried."""
    first, second, paid = (
        tuple(life for life in book.lives if not life.is_paid and not life.is_later),
        tuple(life for life in book.lives if not life.is_paid and life.is_later),
        tuple(life for life in book.lives if life.is_paid),
    )
    book.account.advance(_DAY - _HOUR - _LATER - 1)
    for lives, wait in ((first, _HOUR - 1), (second, 0)):
        yield from book.listed("in its last second")
        book.account.advance(1)
        for life in lives:
            life.status = "expired"
        yield from book.listed("when its life is over")
        if wait:
            book.account.advance(wait)
    for lives, when in (((*first, *second), "when its life was over"), (paid, "a day after its payment")):
        for number, life in enumerate(lives[:: max(len(lives) // _FEW, 1)]):
            yield from book.refused(life, card=_OTHER_CARD if number % 2 else None, when=when)
    yield from book.listed("a day later")
    if Ability.USAGE in book.context.has:
        yield from book.worth("a day later")


def _later(book: Book) -> Iterator[Finding]:
    """A month later nothing is forgotten, and a new session lives as long as the first."""
    book.account.advance(31 * _DAY)
    late = Lifecycle(KINDS[0], book.account.create(dollars=KINDS[0].dollars), "", is_paid=False)
    book.lives.append(late)
    yield from book.listed("a month later")
    if Ability.USAGE in book.context.has:
        yield from book.worth("a month later")
    begin, end = instant(late.created_at), instant(late.session.expires_at)
    if begin is not None and end is not None and abs((end - begin).total_seconds() - _DAY) > 1:
        expected, actual = "24 hours after its creation", str(end - begin)
        yield book.context.broken(late.session.answer, "another lifetime is told", expected=expected, actual=actual)


def _number(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _is_a_shops(url: object) -> bool:
    """Whether the URL is one that another order named."""
    named = [each for kind in KINDS for each in (kind.success_url, kind.cancel_url) if each is not None]
    return isinstance(url, str) and any(url.startswith(each.partition("{")[0]) for each in named)


def _told(tries: str) -> str:
    words = {"c": "cancelled", "d": "declined"}
    return f", {' and '.join(words[one] for one in tries)} before" if tries else ""
