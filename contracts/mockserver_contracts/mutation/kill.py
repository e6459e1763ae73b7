"""A kill: one whole run on a server with one defect, and which checks found it.

A defect is killed when one of the checks that it must fail fails, and missed otherwise, whatever else was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, Final

import yaml

from mockserver.contract import load, spec_folder
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.defects.defect import Defect
from mockserver_contracts.results.finding import FindingReported, RunFailure, RunFinished
from mockserver_contracts.run.plan import Order, Subject
from mockserver_contracts.run.run import check
from mockserver_contracts.target.target import in_process

PROFILE: Final = "page"


@dataclass(frozen=True, slots=True)
class Kill:
    """What one whole run found in a server with one defect; without a defect, in the correct server."""

    defect: Defect | None
    found_by: tuple[str, ...]
    failure: RunFailure | None
    seconds: float
    requests: int

    @property
    def is_killed(self) -> bool:
        """Whether a check failed that the defect names."""
        return self.defect is not None and not self.defect.fails.isdisjoint(self.found_by)

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether a defect is killed, or a correct server goes free."""
        return self.is_killed if self.defect is not None else not self.found_by and self.failure is None


def kill(defect: Defect | None, *, seed: int = DEFAULT_SEED, profile: str = PROFILE) -> Kill:
    """One whole run on a server of its own with the defect; on the correct one without."""
    contract, loaded = load(profile)
    opened = partial(in_process, profile, defects=() if defect is None else (defect,))
    subject = Subject(loaded.name, contract.document, frozenset(loaded.promises), opened)
    order = Order("mock", (subject,), seed=seed, max_examples=DEFAULT_EXAMPLES, claims=_claims())
    found: dict[str, None] = {}
    told = Kill(defect, (), None, 0.0, 0)
    for event in check(order):
        if isinstance(event, FindingReported):
            found[event.finding.check] = None
        elif isinstance(event, RunFinished):
            told = replace(told, failure=event.failure, seconds=event.duration, requests=event.requests_sent)
    return replace(told, found_by=tuple(sorted(found)))


@cache
def _claims() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load((spec_folder() / "claims.yaml").read_text("utf-8")))
