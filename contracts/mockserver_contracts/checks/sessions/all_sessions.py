"""All sessions of a run: each has an id and a URL of its own, and is on the list of its account."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.unique_sessions import find_repeated_sessions
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session


@rule("no-two-sessions-alike", once=True)
def no_two_sessions_alike(context: CheckContext) -> Iterator[Finding]:
    """No two sessions share an id or a URL, and all are listed, because a buyer would pay for another."""
    account = context.account()
    known = len(context.target.client.sessions)
    first = account.create(dollars=1)
    sessions = [first]
    for _ in range(max(context.target.sessions_to_create - known, 14) - 1):
        answer = account.ask(amount=first.dollars)
        if not answer.is_accepted:
            yield context.violation(answer, "tired", expected="the answer to the first", actual=answer.summary)
            return
        sessions.append(account.created(answer, first.dollars))
        if sorted(answer.json) != sorted(first.answer.json) or answer.status != first.answer.status:
            yield context.violation(answer, "another form", expected="the form of the first answer")
            return
    # The first orders of an account may each open it.
    newcomer, together = context.new_account(), []
    for answer in newcomer.ask_at_once(1 if context.target.client.on_rails else 8):
        yield from context.expect_acceptance(answer, "one of 8 at once")
        if answer.is_accepted:
            together.append(newcomer.created(answer, first.dollars))
    repeated = list(find_repeated_sessions(context.target.client.sessions))
    yield from repeated
    if repeated:
        return
    if Ability.LIST in context.target.abilities:
        if newcomer.key != account.key:
            yield from _expect_all_listed(context, newcomer, together)
        yield from _expect_all_listed(context, account, sessions)


def _expect_all_listed(context: CheckContext, account: AccountClient, sessions: list[Session]) -> Iterator[Finding]:
    known = {session.id for session in (*sessions, *_sessions_of(account))}
    listing = account.listing(at_least=len(known))
    page, ids = listing.first, [str(entry.get("id")) for entry in listing.entries]
    if missing := known - set(ids):
        yield context.violation(
            page, "the list is cut short", expected=f"{len(known)} sessions", actual=f"{len(missing)} missing"
        )
    elif len(ids) != len(set(ids)):
        yield context.violation(
            page, "a session is listed twice", expected="each session once", actual=f"{len(ids)} entries"
        )


def _sessions_of(account: AccountClient) -> Iterator[Session]:
    """The sessions that the run has created with the key of the account."""
    client = account.client
    for session in client.sessions:
        if session.answer.request.headers.get(client.key_header) == account.key:
            yield session
