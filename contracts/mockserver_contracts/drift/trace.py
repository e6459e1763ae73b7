"""The life of sessions, told step by step by each of two servers, in the same words.

A step tells facts: what became of a session, of a balance, of the list. What a server cannot be asked is left out,
and so is every later step that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.drift.billing_family import consumed, invoiced, recharged, topped_up
from mockserver_contracts.drift.normalize import kind_of, verdict_of
from mockserver_contracts.drift.side import Side, Step, balance_of, gained, need
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import DECLINED, AccountClient
from mockserver_contracts.target.answer import Session, entries_of, instant
from mockserver_contracts.target.client import CHECKOUTS
from mockserver_contracts.target.undecided import Undecided

_DAY: Final = 24 * 3600
_SHOP: Final = "https://shop.example"
_REDIRECTS: Final = {"success_url": f"{_SHOP}/ok?s={{CHECKOUT_SESSION_ID}}", "cancel_url": f"{_SHOP}/no"}
_CAMEL: Final = {"successUrl": f"{_SHOP}/camel/ok", "cancelUrl": f"{_SHOP}/camel/no"}


def trace(side: Side) -> dict[str, Step]:
    """Go through all that the server lets one go through; the steps by name."""
    sessions = (_edges, _unpaid, _strangers, _paging, _paid, _plan, _cancelled, _declined, _expired, _aged)
    for part in (*sessions, invoiced, topped_up, consumed, recharged):
        # A part that cannot go on leaves the others alone.
        with suppress(Undecided):
            part(side)
    return side.steps


def _edges(side: Side) -> None:
    """Paths that are nearly there, and a method that everybody has; a rail forbids them."""
    if side.on_rails:
        return
    account = side.accounts()
    for name, method, path in (
        ("a path with a slash more", "GET", f"{CHECKOUTS}/"),
        ("a path with repeated slashes", "GET", f"/{CHECKOUTS}"),
        ("a path that is not there", "GET", f"{CHECKOUTS}-nowhere"),
        ("only the head", "HEAD", CHECKOUTS),
    ):
        answer = account.client.send(method, path, account.auth)
        media_type = (answer.header("content-type") or "none").partition(";")[0]
        facts: dict[str, object] = {"outcome": verdict_of(answer.status)}
        if not answer.is_accepted:
            facts |= {"status": answer.status, "content_type": media_type}
        side.tell(name, answer, **facts)


def _unpaid(side: Side) -> None:
    account = side.accounts()
    session = account.create(dollars=50, **_REDIRECTS)
    side.tell("create", session.answer, life=_life(account, session, side))
    if Ability.LIST in side.has:
        _listed(side, account, session, "list after create")
    with suppress(Undecided):
        _opened(side, account, session, "page of an open session")


def _strangers(side: Side) -> None:
    if Ability.LIST not in side.has or side.on_rails:
        return
    account, stranger = side.accounts(), side.accounts()
    if account.key == stranger.key:
        return
    session = account.create(dollars=3)
    page = stranger.page(limit=100)
    side.tell("list of another account", page, shows_it=session.id in str(page.json))


def _paging(side: Side) -> None:
    if Ability.LIST not in side.has:
        return
    account = side.accounts()
    made = [account.create(dollars=1).id for _ in range(3 if side.on_rails else 12)]
    places = {id_: place for place, id_ in enumerate(reversed(made))}
    queries: dict[str, dict[str, object]] = {
        "all": {"limit": 100},
        "default": {},
        "a page": {"limit": 2, "offset": 1},
        "past the end": {"offset": 100_000},
    }
    for name, query in queries.items():
        page = account.page(**query)
        shown = [places.get(str(entry.get("id"))) for entry in entries_of(page)]
        mine = [place for place in shown if place is not None]
        side.tell(f"list: {name}", page, order=mine)


def _paid(side: Side) -> None:
    need(side, Ability.PAY)
    account = side.accounts()
    before = balance_of(side, account)
    session = account.create(dollars=50, **_REDIRECTS)
    paid = account.pay(session)
    _outcome(side, account, session, "pay", paid, before)
    _outcome(side, account, session, "pay again", account.pay(session), before)
    _outcome(side, account, session, "cancel a completed session", account.cancel(session), before)
    _outcome(side, account, session, "expire a completed session", account.expire(session), before)
    with suppress(Undecided):
        _opened(side, account, session, "page of a completed session")
    if Ability.CLOCK in side.has:
        account.advance(_DAY)
        _listed(side, account, session, "a day after the payment")
        account.reset_clock()
    camel = account.create(dollars=7, **_CAMEL)
    _outcome(side, account, camel, "pay with camelCase redirects", account.pay(camel), before)
    for dollars in (1, 999_999):
        before = balance_of(side, account)
        other = account.create(dollars=dollars)
        _outcome(side, account, other, f"pay {dollars} dollars", account.pay(other), before)
    rushed = account.create(dollars=9)
    before = balance_of(side, account)
    answers = account.pay_at_once(rushed, 6)
    accepted = sum(answer.is_accepted for answer in answers)
    side.tell("pay six times at once", answers[0], payments=accepted, gain=gained(side, account, before))


def _plan(side: Side) -> None:
    need(side, Ability.PAY)
    account = side.accounts()
    answer = account.ask(mode="subscription", plan_id="plan-basic")
    session = account.created(answer, 0)
    before = balance_of(side, account)
    _outcome(side, account, session, "pay a plan", account.pay(session), before)


def _cancelled(side: Side) -> None:
    need(side, Ability.CANCEL)
    account = side.accounts()
    before = balance_of(side, account)
    session = account.create(dollars=50, **_REDIRECTS)
    _outcome(side, account, session, "cancel", account.cancel(session), before)
    camel = account.create(dollars=7, **_CAMEL)
    _outcome(side, account, camel, "cancel with camelCase redirects", account.cancel(camel), before)
    need(side, Ability.PAY)
    _outcome(side, account, session, "pay after a cancellation", account.pay(session), before)


def _declined(side: Side) -> None:
    need(side, Ability.PAY)
    account = side.accounts()
    before = balance_of(side, account)
    session = account.create(dollars=50)
    _outcome(side, account, session, "a declined card", account.pay(session, card=DECLINED), before)
    _outcome(side, account, session, "pay after a declined card", account.pay(session), before)


def _expired(side: Side) -> None:
    need(side, Ability.PAY)
    account = side.accounts()
    before = balance_of(side, account)
    session = account.create(dollars=50)
    _outcome(side, account, session, "expire", account.expire(session), before)
    _outcome(side, account, session, "pay an expired session", account.pay(session), before)
    _outcome(side, account, session, "cancel an expired session", account.cancel(session), before)
    with suppress(Undecided):
        _opened(side, account, session, "page of an expired session")


def _aged(side: Side) -> None:
    need(side, Ability.CLOCK)
    account = side.accounts()
    try:
        margin = 1 if account.freeze() else 60
        session, unseen = account.create(dollars=50), account.create(dollars=7)
        account.advance(_DAY - margin)
        _listed(side, account, session, "in its last moment")
        account.advance(margin)
        _listed(side, account, session, "when its life is over")
        if Ability.PAY in side.has:
            before = balance_of(side, account)
            _outcome(side, account, unseen, "pay when its life is over", account.pay(unseen), before)
    finally:
        with suppress(Undecided):
            account.reset_clock()


def _outcome(side: Side, account: AccountClient, session: Session, name: str, answer: Exchange, before: Any) -> None:
    """Tell what became of a session by a call of the control API."""
    facts: dict[str, object] = {"outcome": verdict_of(answer.status)}
    if not answer.is_accepted:
        facts["status"] = answer.status
    redirect = answer.at("redirect_url")
    if isinstance(answer.json, dict) and "redirect_url" in answer.json:
        facts["redirect"] = str(redirect).replace(session.id, "{id}")
    if Ability.USAGE in side.has:
        facts["gain"] = gained(side, account, before)
    if Ability.LIST in side.has:
        facts["listed_as"] = (account.entry(session) or {}).get("status", "not listed")
    side.tell(name, answer, **facts)


def _listed(side: Side, account: AccountClient, session: Session, name: str) -> None:
    if Ability.LIST not in side.has:
        raise Undecided(Ability.LIST.reason)
    page = account.page(limit=100)
    entries = entries_of(page)
    entry = next((entry for entry in entries if entry.get("id") == session.id), None)
    if entry is None:
        side.tell(name, page, listed_as="not listed")
        return
    kinds = {f"type of {key}": kind_of(_plain(value)) for key, value in entry.items()}
    told: dict[str, object] = {"listed_as": entry.get("status"), "amount": entry.get("amount")}
    told |= {"currency": entry.get("currency"), **kinds}
    side.tell(name, page, **told)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | float | list | dict | None) else float(value)


def _opened(side: Side, account: AccountClient, session: Session, name: str) -> None:
    """Tell with which status the session's page opens, where the target serves it itself."""
    here, parts = urlsplit(account.client.url), urlsplit(session.url)
    if side.on_rails or (parts.hostname, parts.port) != (here.hostname, here.port):
        return
    page = account.client.send("GET", parts.path.removeprefix(here.path.rstrip("/")), {"accept": "text/html"})
    side.tell(name, page, status=page.status)


def _life(account: AccountClient, session: Session, side: Side) -> str:
    """How long the session lives, as it is told; `unknown` where it is not."""
    ends, created = session.expires_at, None
    if Ability.SESSIONS in side.has:
        look = account.look(session)
        ends, created = ends or look.at("expires_at"), look.at("created_at")
    if created is None and Ability.LIST in side.has:
        created = (account.entry(session) or {}).get("created_at")
    begin, end = instant(created), instant(ends)
    return "unknown" if begin is None or end is None else f"{round((end - begin).total_seconds())} s"


def shared(mock: Mapping[str, Step], target: Mapping[str, Step]) -> Iterator[tuple[Step, Step]]:
    """The steps that both servers went through."""
    for name, step in mock.items():
        if name in target:
            yield step, target[name]
