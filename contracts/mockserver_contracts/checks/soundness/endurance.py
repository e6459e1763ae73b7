"""Endurance: hundreds of requests later a server knows its sessions and is as fast as at first."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from statistics import median
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_BLOCKS: Final = 12
_LEAST: Final = 5 * _BLOCKS
# Of all pairs of blocks, so many have to be in rising order: noise has half of them.
_RISING: Final = 0.9
_TIMES: Final = 3.0
_SECONDS: Final = 0.01
_LOOKED_AT: Final = 3
_LOOKED_AT_ELSEWHERE: Final = 5
_LOOKS: Final = 3
_FOR_SESSIONS: Final = 0.05
_TIMED: Final = (("POST", CHECKOUT, "order"), ("GET", USAGE, "look"))


@rule("sessions-stay", needs=(Ability.CREATE, Ability.SESSIONS, Ability.FREE), once=True)
def sessions_stay(context: CheckContext) -> Iterator[Finding]:
    """The first sessions of a run are there when hundreds have followed, because a buyer may come late."""
    _create_many(context)
    account, sessions = context.account(), context.target.client.sessions
    page = None
    # The clock of the run's own account has been moved: elsewhere first sessions are still open.
    elsewhere = [session for session in sessions[_LOOKED_AT:] if _key_of(context, session) != context.target.key]
    for number, session in enumerate([*sessions[:_LOOKED_AT], *elsewhere[:_LOOKED_AT_ELSEWHERE]]):
        if number >= _LOOKED_AT and page is not None:
            return
        look = account.look(session)
        if look.at("id") != session.id:
            yield context.violation(
                look, "an early session is gone", expected=session.id, actual=f"{look.summary}, {len(sessions)} later"
            )
            return
        if look.at("status") != "pending":
            continue
        page = _page_of(context, session)
        if page is not None and page.status == 404:
            yield context.violation(page, "an early page is gone", operation="a session's page", expected="200")
            return


@rule("answers-do-not-slow-down", needs=(Ability.CREATE, Ability.FREE), once=True)
def answers_do_not_slow_down(context: CheckContext) -> Iterator[Finding]:
    """The time of an answer does not grow from request to request, because a server outlives its first hour."""
    # Where the run's time is over, what it has seen so far tells.
    with contextlib.suppress(Undecided):
        _create_many(context)
    yield from _slower_by_the_request(context)
    yield from _slower_by_the_session(context)


def _slower_by_the_request(context: CheckContext) -> Iterator[Finding]:
    client = context.target.client
    # Lists are left out: a longer one takes longer.
    for method, path, noun in _TIMED:
        answers = [
            answer
            for answer in client.exchanges
            if answer.is_accepted and (answer.request.method, answer.request.path_below(client.url)) == (method, path)
        ]
        if len(answers) < _LEAST:
            continue
        blocks = _block_medians([answer.seconds for answer in answers])
        if rises(blocks):
            yield context.violation(
                answers[-1],
                f"slower from {noun} to {noun}",
                operation=f"{method} {path}",
                expected=f"about {blocks[0] * 1000:.0f} ms, as at first",
                actual=f"{blocks[-1] * 1000:.0f} ms after {len(answers)}",
            )


def _slower_by_the_session(context: CheckContext) -> Iterator[Finding]:
    """Look at the account with the most sessions and at a new one in turn: a short page of both costs the same."""
    client = context.target.client
    [(key, number)] = Counter(_key_of(context, session) for session in client.sessions).most_common(1)
    newcomer = context.new_account()
    if key is None or newcomer.key == key:
        return
    for path, query in ((CHECKOUTS, {"limit": 1}), (USAGE, {})):
        many: list[Exchange] = []
        none: list[Exchange] = []
        for _ in range(_LOOKS):
            for owner, looks in ((AccountClient(client, key), many), (newcomer, none)):
                looks.append(client.send("GET", path, owner.auth, query=query))
        if not all(look.is_accepted for look in (*many, *none)):
            continue
        least, most = min(look.seconds for look in many), max(look.seconds for look in none)
        if least > _TIMES * most and least - most > _FOR_SESSIONS:
            yield context.violation(
                many[-1],
                "slower from session to session",
                expected=f"about {most * 1000:.0f} ms, as for an account with none",
                actual=f"{least * 1000:.0f} ms for one with {number}",
            )


def _key_of(context: CheckContext, session: Session) -> str | None:
    """The key of the account that ordered the session."""
    return session.answer.request.headers.get(context.target.client.key_header)


def _page_of(context: CheckContext, session: Session) -> Exchange | None:
    """The page of the session, if the target serves it."""
    with contextlib.suppress(LeadsElsewhere):
        return open_page(context.target.client, session.url).answer
    return None


def rises(blocks: Sequence[float]) -> bool:
    """The medians rise from block to block (Mann and Kendall's test), and the last is much larger than the first."""
    pairs = list(combinations(blocks, 2))
    rising = sum(later > earlier for earlier, later in pairs)
    is_much = blocks[-1] > _TIMES * blocks[0] and blocks[-1] - blocks[0] > _SECONDS
    return is_much and rising >= _RISING * len(pairs)


def _block_medians(seconds: Sequence[float]) -> list[float]:
    bounds = [len(seconds) * number // _BLOCKS for number in range(_BLOCKS + 1)]
    return [median(seconds[begin:end]) for begin, end in pairwise(bounds)]


def _create_many(context: CheckContext) -> None:
    """Create sessions until the run has as many as it means to."""
    account = context.account()
    for _ in range(context.target.sessions_to_create - len(context.target.client.sessions)):
        account.create(dollars=1)
