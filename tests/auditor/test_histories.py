"""Random histories: those of a correct server are accepted, and mistakes with money are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import process_time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.auditor import audit
from tests.auditor.exchange import Exchange
from tests.auditor.histories import RULES, long_history, random_history
from tests.auditor.sequential_server import MISTAKES
from tests.matrix import long_but

SEEDS: Final = 12
HIDDEN: Final = frozenset({"recharge settings lost", "never expires", "reset keeps credits"})
"""Mistakes that a later request may undo before any answer shows them."""


@given(seed=st.integers(0, 2**32), loss=st.sampled_from([0.0, 0.1, 0.4]), overlap=st.sampled_from([0.0, 3.0, 20.0]))
def test_history_of_a_correct_server_is_accepted(seed: int, loss: float, overlap: float) -> None:
    exchanges, _ = random_history(seed, loss=loss, overlap=overlap)
    audit(exchanges, RULES).require()


def found(*, loss: float, overlap: float) -> tuple[Counter[str], Counter[str]]:
    """How often the server made each mistake, and how often the auditor found it."""
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for mistake in MISTAKES:
        for seed in range(SEEDS):
            exchanges, is_made = random_history(seed, mistake=mistake, loss=loss, overlap=overlap)
            if is_made:
                made[mistake] += 1
                caught[mistake] += bool(audit(exchanges, RULES).contradictions)
    return made, caught


def test_every_mistake_that_an_answer_shows_is_found() -> None:
    made, caught = found(loss=0.0, overlap=0.0)
    assert set(made) == set(MISTAKES)
    assert {mistake for mistake in made if caught[mistake] < made[mistake]} <= HIDDEN
    assert all(caught.values())


@pytest.mark.long
def test_most_mistakes_are_found_among_overlapping_requests_and_lost_answers() -> None:
    """A request that overlaps a mistake, or has no answer, may explain it."""
    made, caught = found(loss=0.1, overlap=3.0)
    assert sum(caught.values()) >= 0.9 * sum(made.values())


def cost_of_audit(exchanges: Sequence[Exchange]) -> float:
    """The processor time of an audit; a busy machine makes single ones dearer."""
    began = process_time()
    audit(exchanges, RULES).require()
    return process_time() - began


@pytest.mark.parametrize("loss", long_but(0.01, of=[0.0, 0.01]))
def test_cost_of_an_audit_grows_with_the_exchanges(loss: float) -> None:
    costs = []
    for length in (500, 4_000):
        exchanges = long_history(length, loss=loss)
        costs.append(min(cost_of_audit(exchanges) for _ in range(3)))
    # eight times the exchanges: 8 if the cost is linear, 64 if it is quadratic
    assert costs[1] < 25 * costs[0]
