"""Endurance: hundreds of requests later a server knows its sessions and is as fast as at first."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from statistics import median
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import CHECKOUT, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_BLOCKS: Final = 12
_LEAST: Final = 5 * _BLOCKS
# Of all pairs of blocks, so many have to be in rising order: noise has half of them.
_RISING: Final = 0.9
_TIMES: Final = 3.0
_SECONDS: Final = 0.01
_LOOKED_AT: Final = 3
_TIMED: Final = (("POST", CHECKOUT, "order"), ("GET", USAGE, "look"))


@rule("sessions-stay", needs=(Ability.CREATE, Ability.SESSIONS, Ability.FREE), once=True)
def sessions_stay(context: CheckContext) -> Iterator[Finding]:
    """The first sessions of a run are there when hundreds have followed, because a buyer may come late."""
    _create_many(context)
    account, sessions = context.account(), context.target.client.sessions
    for session in sessions[:_LOOKED_AT]:
        look = account.look(session)
        if look.at("id") != session.id:
            yield context.violation(
                look, "an early session is gone", expected=session.id, actual=f"{look.summary}, {len(sessions)} later"
            )
            return
        page = _page_of(context, session) if look.at("status") == "pending" else None
        if page is not None and page.status == 404:
            yield context.violation(page, "an early page is gone", operation="a session's page", expected="200")
            return


@rule("answers-do-not-slow-down", needs=(Ability.CREATE, Ability.FREE), once=True)
def answers_do_not_slow_down(context: CheckContext) -> Iterator[Finding]:
    """The time of an answer does not grow from request to request, because a server outlives its first hour."""
    _create_many(context)
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
