"""The list of checkouts: whole, in order, page by page; and no two sessions alike."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.checks.unique_sessions import alike
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session, entries_of
from mockserver_contracts.target.undecided import Undecided

_LISTED = (Ability.CREATE, Ability.LIST)


@check("list-shows-every-session-with-its-status", needs=_LISTED)
def list_shows_every_session_with_its_status(context: CheckContext) -> Iterator[Finding]:
    """Pending, completed, cancelled and expired ones."""
    account = context.account()
    expected: dict[str, str] = {}
    stages = [("pending", None), ("pending", account.cancel), ("completed", account.pay), ("expired", account.expire)]
    for status, action in stages:
        session = account.create(dollars=7)
        if action is not None:
            if not {Ability.PAY, Ability.CANCEL} <= context.has:
                continue
            if not action(session).is_accepted:
                continue
        expected[session.id] = status
    page = account.page(limit=100)
    shown = {str(entry.get("id")): entry.get("status") for entry in entries_of(page)}
    for id_, status in expected.items():
        if id_ not in shown:
            yield context.broken(
                page, f"a session is missing: {status}", pointer="/data", expected=status, actual="not there"
            )
        elif shown[id_] != status:
            yield context.broken(
                page, f"another status: {status}", pointer="/data/0/status", expected=status, actual=str(shown[id_])
            )
    if set(expected.values()) != {"pending", "completed", "expired"}:
        raise Undecided("only pending sessions can be made")


@rule("no-two-sessions-alike", once=True)
def no_two_sessions_alike(context: CheckContext) -> Iterator[Finding]:
    """No id and no URL comes twice, the last is answered as the first, and the list has them all."""
    account = context.account()
    known = len(context.client.sessions)
    first = account.create(dollars=1)
    mine = [first]
    for _ in range(max(context.setting.creates - known, 20) - 1):
        answer = account.ask(amount=1)
        if not answer.is_accepted:
            yield context.broken(answer, "tired", expected="the answer to the first", actual=answer.summary)
            return
        mine.append(account.created(answer, 1))
        if sorted(answer.json) != sorted(first.answer.json) or answer.status != first.answer.status:
            yield context.broken(answer, "another form", expected="the form of the first answer")
            return
    for answer in account.ask_at_once(1 if context.client.on_rails else 8):
        yield from context.accepted(answer, "one of 8 at once")
        if answer.is_accepted:
            mine.append(account.created(answer, 1))
    found = list(alike(context.client.sessions))
    yield from found
    if found:
        return
    if Ability.LIST in context.has:
        yield from _all_listed(context, account, mine)


def _all_listed(context: CheckContext, account: AccountClient, sessions: list[Session]) -> Iterator[Finding]:
    ids = [str(entry.get("id")) for entry in account.listed(at_least=len(sessions))]
    page = account.page(limit=100)
    missing = {session.id for session in sessions} - set(ids)
    if missing:
        yield context.broken(
            page, "the list is cut short", expected=f"{len(sessions)} sessions", actual=f"{len(missing)} missing"
        )
    elif len(ids) != len(set(ids)):
        yield context.broken(
            page, "a session is listed twice", expected="each session once", actual=f"{len(ids)} entries"
        )


@rule("list-in-order-and-in-pages", needs=_LISTED, once=True)
def list_in_order_and_in_pages(context: CheckContext) -> Iterator[Finding]:
    """The newest first, ten by default, and the pages together are the list."""
    account = context.account()
    made = [account.create(dollars=1).id for _ in range(12)][::-1]
    whole = account.page(limit=100)
    ids = [entry.get("id") for entry in entries_of(whole)]
    if [id_ for id_ in ids if id_ in made] != made:
        yield context.broken(whole, "order", pointer="/data", expected="the newest first", actual="another order")
        return
    closed = [entry for entry in entries_of(whole) if entry.get("id") in made and entry.get("status") != "pending"]
    if closed:
        told = str(closed[0].get("status"))
        yield context.broken(
            whole, "a new session is not open", pointer="/data/0/status", expected="pending", actual=told
        )
    pages: tuple[tuple[dict[str, object], list[object]], ...] = (
        ({}, ids[:10]),
        ({"limit": 1}, ids[:1]),
        ({"limit": 5, "offset": 5}, ids[5:10]),
        ({"limit": 3, "offset": 11}, ids[11:14]),
        ({"offset": 2}, ids[2:12]),
    )
    for query, expected in pages:
        page = account.page(**query)
        actual = [entry.get("id") for entry in entries_of(page)]
        if actual != expected:
            name = " and ".join(query) or "the default"
            yield context.broken(
                page,
                f"page by {name}",
                pointer="/data",
                expected=f"{len(expected)} entries in order",
                actual=f"{len(actual)} entries",
            )
    past = account.page(offset=100_000)
    if past.is_refused or past.at("data") != []:
        yield context.broken(past, "past the end", pointer="/data", expected="an empty list")
    # Whoever gives a hundred to who asks for more is right, too.
    too_many = [("limit", 101)] if context.setting.holds_limits else []
    bad: tuple[tuple[str, object], ...] = (("limit", 0), ("limit", -1), ("limit", "x"), ("offset", -1), ("offset", "x"))
    for name, value in (*bad, *too_many):
        yield from context.refused(account.page(**{name: value}), f"{name} {value}", exactly=400)
