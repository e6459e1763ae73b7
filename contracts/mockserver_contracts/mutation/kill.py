"""A kill: one whole run on a server with one defect, and which checks found it.

A defect is killed when one of the checks that it must fail fails, and missed otherwise, whatever else was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from mockserver.contract import load
from mockserver_contracts.corpus.storage import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.defects.defect import Defect
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.events import FindingReported, RunFailure, RunFinished
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import mock_in_process

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
    opened = partial(mock_in_process, profile, defects=() if defect is None else (defect,))
    subject = Subject(loaded.name, contract.document, frozenset(loaded.promises), opened)
    order = RunPlan("mock", (subject,), seed=seed, max_examples=DEFAULT_EXAMPLES, claims=load_claims())
    found: dict[str, None] = {}
    told = Kill(defect, (), None, 0.0, 0)
    for event in run_plan(order):
        if isinstance(event, FindingReported):
            found[event.finding.check] = None
        elif isinstance(event, RunFinished):
            told = replace(told, failure=event.failure, seconds=event.duration, requests=event.requests_sent)
    return replace(told, found_by=tuple(sorted(found)))
