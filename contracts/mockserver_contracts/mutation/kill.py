"""A kill: a run on a server with one defect, and the checks that found it.

A defect is killed if at least one of the checks that it names fails. Findings of other checks do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.contract import load
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.defects.defect import DEFAULT_PROFILE, Defect
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.events import FindingReported, RunFailure, RunFinished
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import mock_in_process


@dataclass(frozen=True, slots=True)
class Kill:
    """The result of one run on a server with the defect, or on the correct server without one."""

    defect: Defect | None
    found_by: tuple[str, ...]
    failure: RunFailure | None
    seconds: float
    requests: int

    @property
    def is_killed(self) -> bool:
        """A check that the defect names failed."""
        return self.defect is not None and not self.defect.fails.isdisjoint(self.found_by)

    @property
    def is_expected(self) -> bool:
        """The defect is killed, or the correct server has no finding."""
        return self.is_killed if self.defect is not None else not self.found_by and self.failure is None


def kill(defect: Defect | None, *, seed: int = DEFAULT_SEED) -> Kill:
    """Run all checks and the corpus on a fresh server with the defect, or without one."""
    return _run(defect, seed, claims=load_claims())


def kill_by_named_checks(defect: Defect) -> Kill:
    """Run only the claims and rules that the defect names, then the corpus if none of them found it."""
    killed: Kill | None = None
    for parts in _named_parts(defect):
        killed = _run(defect, DEFAULT_SEED, **parts)
        if killed.is_killed:
            return killed
    assert killed is not None, f"{defect.name} names no check"
    return killed


def _named_parts(defect: Defect) -> Iterator[dict[str, Any]]:
    claims, rules = all_checks()
    named_rules = defect.fails & rules.keys()
    if named_claims := defect.fails & claims.keys():
        yield {"claims": [each for each in load_claims() if each.id in named_claims], "rules": False, "fuzz": False}
    if named_rules:
        yield {"rule_names": named_rules, "fuzz": False}
    if defect.fails - claims.keys() - rules.keys():
        # The near misses are a fifth of the corpus, and find half of these defects.
        yield {"rules": False, "origins": frozenset({"near-miss"})}
        yield {"rules": False}


def _run(defect: Defect | None, seed: int, **parts: Any) -> Kill:
    profile = DEFAULT_PROFILE if defect is None else defect.profile
    contract, loaded = load(profile)
    server = partial(mock_in_process, profile, defects=() if defect is None else (defect,))
    subject = Subject(loaded.name, contract.document, frozenset(loaded.promises), server)
    events = tuple(run_plan(RunPlan("mock", (subject,), seed=seed, max_examples=DEFAULT_EXAMPLES, **parts)))
    found_by = {event.finding.check for event in events if isinstance(event, FindingReported)}
    end = events[-1]
    assert isinstance(end, RunFinished)
    return Kill(defect, tuple(sorted(found_by)), end.failure, end.duration, end.requests_sent)
