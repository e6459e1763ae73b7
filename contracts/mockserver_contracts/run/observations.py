"""Observations of two servers side by side, as events for those who draw conclusions from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver_contracts.drift.side import Step
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.events import ClaimDecided, Observation, RunEvent
from mockserver_contracts.target.target import Target


@dataclass(frozen=True, slots=True)
class TargetOpened(Observation):
    """The target that is compared with the mock."""

    target: Target


@dataclass(frozen=True, slots=True)
class ExchangesCompared(Observation):
    """The same entry of the corpus, as the mock and as the target answered it."""

    mock: CorpusExchange
    target: CorpusExchange


@dataclass(frozen=True, slots=True)
class TraceRecorded(Observation):
    """The steps of the target's trace, by name."""

    steps: Mapping[str, Step]


@dataclass(slots=True)
class Observations:
    """A listener that collects the observations of a run, and the claims that the target upholds."""

    target: Target | None = None
    pairs: list[tuple[CorpusExchange, CorpusExchange]] = field(default_factory=list)
    steps: Mapping[str, Step] = field(default_factory=dict)
    upheld: list[str] = field(default_factory=list)

    def handle(self, event: RunEvent) -> None:
        """Collect the event if it is an observation or an upheld claim."""
        match event:
            case TargetOpened(target):
                self.target = target
            case ExchangesCompared(mock, target):
                self.pairs.append((mock, target))
            case TraceRecorded(steps):
                self.steps = steps
            case ClaimDecided(claim) if claim.verdict == "upheld":
                self.upheld.append(claim.id)

    def close(self) -> None:
        """Nothing is open."""
