"""What was seen of two servers side by side, for whoever draws conclusions from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockserver_contracts.drift.side import Step
from mockserver_contracts.replay.replay import Exchange
from mockserver_contracts.target.target import Target


@dataclass(slots=True)
class Observations:
    """Pairs of exchanges, the mock's first, and the steps of the target's trace."""

    target: Target | None = None
    pairs: list[tuple[Exchange, Exchange]] = field(default_factory=list)
    steps: dict[str, Step] = field(default_factory=dict)
