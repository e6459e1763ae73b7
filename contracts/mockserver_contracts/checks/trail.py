"""The turns that led to a finding of state.

An order is taken or refused for what it says: one request shows such a finding. What a server shows, or does to a
session, depends on what was done before.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver_contracts.exchange import Exchange, Turn


def steps_to(answer: Exchange, trail: Sequence[Turn], base: str) -> tuple[Turn, ...]:
    """The turns of the check so far; empty if the answer's own request shows the finding."""
    own = next((turn for turn in trail if any(each is answer for each in turn)), None)
    if own is None or (len(trail) == 1 and len(own) == 1):
        return ()
    is_alone = len(own) == 1 and _is_order(answer, base)
    return () if is_alone and not any(map(_moves_the_clock, trail)) else tuple(trail)


def _is_order(answer: Exchange, base: str) -> bool:
    return answer.request.method == "POST" and answer.request.path_below(base).startswith("/billing/")


def _moves_the_clock(turn: Turn) -> bool:
    return any(each.request.method == "POST" and each.request.url.endswith("/clock") for each in turn)
