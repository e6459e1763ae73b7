"""The trace of a server: the lifecycle of sessions as steps with facts, which are compared with the mock's.

A fact is a session's outcome, a balance, or an order on the list. A trace leaves out the steps that need an ability
which the server lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.document.operations import CHECKOUTS
from mockserver_contracts.drift.billing_family import (
    trace_auto_recharge,
    trace_consumption,
    trace_invoices,
    trace_top_up,
)
from mockserver_contracts.drift.normalize import outcome_of, type_of
from mockserver_contracts.drift.side import Side, Step
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.account_readings import entry_on, path_at_target
from mockserver_contracts.target.answer import Session, entries_of, parse_time
from mockserver_contracts.target.undecided import Undecided

_DAY: Final = 24 * 3600
_SHOP: Final = "https://shop.example"
_REDIRECTS: Final = {"success_url": f"{_SHOP}/ok?s={{CHECKOUT_SESSION_ID}}", "cancel_url": f"{_SHOP}/no"}
_CAMEL: Final = {"successUrl": f"{_SHOP}/camel/ok", "cancelUrl": f"{_SHOP}/camel/no"}


TOLERATED: Final = frozenset({"a path with a slash more", "a path with repeated slashes", "only the head"})
"""The steps with requests that a right server may take or refuse."""


def run_trace(side: Side) -> dict[str, Step]:
    """Run every part of the trace; return the steps by name."""
    for part in (
        _trace_unusual_requests,
        _trace_creation,
        _trace_second_account,
        _trace_list,
        _trace_payment,
        _trace_plan,
        _trace_cancellation,
        _trace_declined_card,
        _trace_expiry,
        _trace_lifetime,
        trace_invoices,
        trace_top_up,
        trace_consumption,
        trace_auto_recharge,
    ):
        # A part that lacks an ability ends there; the others go on.
        with suppress(Undecided):
            part(side)
    return side.steps


def common_steps(mock: Mapping[str, Step], target: Mapping[str, Step]) -> Iterator[tuple[Step, Step]]:
    """The pairs of steps that are in both traces."""
    for name, step in mock.items():
        if name in target:
            yield step, target[name]


def _trace_unusual_requests(side: Side) -> None:
    """Send unusual paths and a HEAD, unless the run is on rails."""
    if side.on_rails:
        return
    account = side.open_account()
    for name, method, path in (
        ("a path with a slash more", "GET", f"{CHECKOUTS}/"),
        ("a path with repeated slashes", "GET", f"/{CHECKOUTS}"),
        ("a path that is not there", "GET", f"{CHECKOUTS}-nowhere"),
        ("only the head", "HEAD", CHECKOUTS),
    ):
        answer = account.client.send(method, path, account.auth)
        media_type = (answer.header("content-type") or "none").partition(";")[0]
        facts: dict[str, object] = {"outcome": outcome_of(answer.status)}
        if not answer.is_accepted:
            facts |= {"status": answer.status, "content_type": media_type}
        side.record(name, answer, **facts)


def _trace_creation(side: Side) -> None:
    account = side.open_account()
    session = account.create(dollars=50, **_REDIRECTS)
    side.record("create", session.answer, life=_lifetime(account, session, side))
    if Ability.LIST in side.abilities:
        _record_entry(side, account, session, "list after create")
    with suppress(Undecided):
        _record_page(side, account, session, "page of an open session")


def _trace_second_account(side: Side) -> None:
    if Ability.LIST not in side.abilities or side.on_rails:
        return
    account, other = side.open_account(), side.open_account()
    if account.key == other.key:
        return
    session = account.create(dollars=3)
    listing = other.listing()
    shows_it = any(session.id in str(entry) for entry in listing.entries)
    side.record("list of another account", listing.first, shows_it=shows_it)


def _trace_list(side: Side) -> None:
    if Ability.LIST not in side.abilities:
        return
    account = side.open_account()
    created = [account.create(dollars=1).id for _ in range(3 if side.on_rails else 12)]
    places = {id_: place for place, id_ in enumerate(reversed(created))}
    queries: dict[str, dict[str, object]] = {
        "all": {"limit": 100},
        "default": {},
        "a page": {"limit": 2, "offset": 1},
        "past the end": {"offset": 100_000},
    }
    for name, query in queries.items():
        page = account.page(**query)
        shown = [places.get(str(entry.get("id"))) for entry in entries_of(page)]
        side.record(f"list: {name}", page, order=[place for place in shown if place is not None])


def _trace_payment(side: Side) -> None:
    side.require(Ability.PAY)
    account = side.open_account()
    before = side.balance(account)
    session = account.create(dollars=50, **_REDIRECTS)
    paid = account.pay(session)
    _record_outcome(side, account, session, "pay", paid, before)
    _record_outcome(side, account, session, "pay again", account.pay(session), before)
    _record_outcome(side, account, session, "cancel a completed session", account.cancel(session), before)
    _record_outcome(side, account, session, "expire a completed session", account.expire(session), before)
    with suppress(Undecided):
        _record_page(side, account, session, "page of a completed session")
    if Ability.CLOCK in side.abilities:
        account.advance(_DAY)
        _record_entry(side, account, session, "a day after the payment")
        account.reset_clock()
    camel = account.create(dollars=7, **_CAMEL)
    _record_outcome(side, account, camel, "pay with camelCase redirects", account.pay(camel), before)
    for dollars in (1, 999_999):
        before = side.balance(account)
        other = account.create(dollars=dollars)
        _record_outcome(side, account, other, f"pay {dollars} dollars", account.pay(other), before)
    rushed = account.create(dollars=9)
    before = side.balance(account)
    answers = account.pay_at_once(rushed, 6)
    accepted = sum(answer.is_accepted for answer in answers)
    side.record("pay six times at once", answers[0], payments=accepted, gain=side.gain(account, before))


def _trace_plan(side: Side) -> None:
    side.require(Ability.PAY)
    account = side.open_account()
    answer = account.ask(mode="subscription", plan_id="plan-basic")
    session = account.created(answer, 0)
    before = side.balance(account)
    _record_outcome(side, account, session, "pay a plan", account.pay(session), before)


def _trace_cancellation(side: Side) -> None:
    side.require(Ability.CANCEL)
    account = side.open_account()
    before = side.balance(account)
    session = account.create(dollars=50, **_REDIRECTS)
    _record_outcome(side, account, session, "cancel", account.cancel(session), before)
    camel = account.create(dollars=7, **_CAMEL)
    _record_outcome(side, account, camel, "cancel with camelCase redirects", account.cancel(camel), before)
    side.require(Ability.PAY)
    _record_outcome(side, account, session, "pay after a cancellation", account.pay(session), before)


def _trace_declined_card(side: Side) -> None:
    side.require(Ability.PAY)
    account = side.open_account()
    before = side.balance(account)
    session = account.create(dollars=50)
    _record_outcome(side, account, session, "a declined card", account.pay(session, card=DECLINED), before)
    _record_outcome(side, account, session, "pay after a declined card", account.pay(session), before)


def _trace_expiry(side: Side) -> None:
    side.require(Ability.PAY)
    account = side.open_account()
    before = side.balance(account)
    session = account.create(dollars=50)
    _record_outcome(side, account, session, "expire", account.expire(session), before)
    _record_outcome(side, account, session, "pay an expired session", account.pay(session), before)
    _record_outcome(side, account, session, "cancel an expired session", account.cancel(session), before)
    with suppress(Undecided):
        _record_page(side, account, session, "page of an expired session")


def _trace_lifetime(side: Side) -> None:
    side.require(Ability.CLOCK)
    account = side.open_account()
    try:
        margin = 1 if account.freeze() else 60
        session, unseen = account.create(dollars=50), account.create(dollars=7)
        account.advance(_DAY - margin)
        _record_entry(side, account, session, "in its last moment")
        account.advance(margin)
        _record_entry(side, account, session, "when its life is over")
        if Ability.PAY in side.abilities:
            before = side.balance(account)
            _record_outcome(side, account, unseen, "pay when its life is over", account.pay(unseen), before)
    finally:
        with suppress(Undecided):
            account.reset_clock()


def _record_outcome(
    side: Side, account: AccountClient, session: Session, name: str, answer: Exchange, before: Decimal | None
) -> None:
    """Record the state of a session after a call of the control API."""
    facts: dict[str, object] = {"outcome": outcome_of(answer.status)}
    if not answer.is_accepted:
        facts["status"] = answer.status
    redirect = answer.at("redirect_url")
    if isinstance(answer.json, dict) and "redirect_url" in answer.json:
        facts["redirect"] = str(redirect).replace(session.id, "{id}")
    if Ability.USAGE in side.abilities:
        facts["gain"] = side.gain(account, before)
    if Ability.LIST in side.abilities:
        facts["listed_as"] = (account.entry(session) or {}).get("status", "not listed")
    side.record(name, answer, **facts)


def _record_entry(side: Side, account: AccountClient, session: Session, name: str) -> None:
    if Ability.LIST not in side.abilities:
        raise Undecided(Ability.LIST.reason)
    page = account.full_page()
    entry = entry_on(page, session) or account.entry(session)
    if entry is None:
        side.record(name, page, listed_as="not listed")
        return
    facts: dict[str, object] = {"listed_as": entry.get("status")}
    facts |= {member: entry.get(member) for member in ("amount", "currency")}
    facts |= {f"type of {member}": type_of(_as_json(value), name=member) for member, value in entry.items()}
    side.record(name, page, **facts)


def _as_json(value: Any) -> Any:
    """The value with a float in place of an exact number."""
    return value if isinstance(value, str | bool | int | float | list | dict | None) else float(value)


def _record_page(side: Side, account: AccountClient, session: Session, name: str) -> None:
    """Record the status of the session's page, if the server serves it and the run is not on rails."""
    path = path_at_target(account.client, session.url)
    if side.on_rails or path is None:
        return
    page = account.client.send("GET", path, {"accept": "text/html"})
    side.record(name, page, status=page.status)


def _lifetime(account: AccountClient, session: Session, side: Side) -> str:
    """The lifetime of the session; `unknown` if the server does not show its times."""
    ends, created = session.expires_at, None
    if Ability.SESSIONS in side.abilities:
        look = account.look(session)
        ends, created = ends or look.at("expires_at"), look.at("created_at")
    if created is None and Ability.LIST in side.abilities:
        created = (account.entry(session) or {}).get("created_at")
    begin, end = parse_time(created), parse_time(ends)
    return "unknown" if begin is None or end is None else f"{round((end - begin).total_seconds())} s"
