"""The coverage of a contract, as a value: each goal with the number of exchanges that reached it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from mockserver.coverage.goals import KINDS, Goal

CLAIM: Final = "claim"
"""The kind of goal that is no part of an operation: a claim of the page."""


class Score(NamedTuple):
    """A number of goals, and those of them that were reached."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """The reached goals of a hundred, rounded down to a tenth; 100 without goals."""
        return self.covered * 1000 // self.total / 10 if self.total else 100.0

    def plus(self, other: Score) -> Score:
        """The two numbers together."""
        return Score(self.covered + other.covered, self.total + other.total)


class CountedGoal(NamedTuple):
    """A goal, and the number of exchanges that reached it."""

    goal: Goal
    exchanges: int


@dataclass(frozen=True, slots=True)
class OperationCoverage:
    """An operation with its goals. `surprises` are responses that the contract does not declare, with their number."""

    method: str
    path: str
    goals: tuple[CountedGoal, ...]
    surprises: Mapping[str, int]

    @property
    def name(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}"

    @property
    def exchanges(self) -> int:
        """The number of exchanges."""
        return next((each.exchanges for each in self.goals if each.goal.kind == "operation"), 0)

    @property
    def score(self) -> Score:
        """The reached goals."""
        return score_of(self.goals)


class ExampleStep(NamedTuple):
    """A request of an example. `key` and `media_type` are set where they are not the usual ones; `body` is text."""

    method: str
    path: str
    body: str = ""
    key: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimCoverage:
    """A claim, the number of exchanges that touched it, and requests that would. No test touches an untouchable one."""

    id: str
    voice: str
    statement: str
    count: int
    untouchable: str | None = None
    example: tuple[ExampleStep, ...] = ()

    @property
    def needs_session(self) -> bool:
        """A step of the example names the session of the one before."""
        return any("{id}" in step.path for step in self.example)


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The coverage of one contract, or of several together. `outside` are requests to no declared operation."""

    contracts: tuple[str, ...]
    exchanges: int
    outside: int
    operations: tuple[OperationCoverage, ...]
    claims: tuple[ClaimCoverage, ...]

    @property
    def total(self) -> Score:
        """The reached goals of all operations, and the touched claims."""
        total = Score(0, 0)
        for score in self.scores.values():
            total = total.plus(score)
        return total

    @property
    def scores(self) -> dict[str, Score]:
        """The reached goals by kind, in the order of a report; kinds without goals are left out."""
        goals = [each for operation in self.operations for each in operation.goals]
        found: dict[str, Score] = {kind: score_of(goals, kind) for kind in KINDS}
        touchable = [claim for claim in self.claims if claim.untouchable is None]
        found[CLAIM] = Score(sum(claim.count > 0 for claim in touchable), len(touchable))
        return {kind: score for kind, score in found.items() if score.total}

    @property
    def untouched(self) -> tuple[ClaimCoverage, ...]:
        """The claims that an exchange could have touched, and none did."""
        return tuple(claim for claim in self.claims if claim.untouchable is None and not claim.count)


def score_of(goals: Iterable[CountedGoal], kind: str | None = None) -> Score:
    """The reached ones of the goals, of one kind or of all."""
    counts = [each.exchanges for each in goals if kind in (None, each.goal.kind)]
    return Score(sum(count > 0 for count in counts), len(counts))
