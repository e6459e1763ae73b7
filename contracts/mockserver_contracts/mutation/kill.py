"""A kill: a run on a server with one defect, and the checks that found it.

A defect is killed if every check that it names fails. Findings of other checks do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mockserver.contract import load
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.corpus.entry import Origin
from mockserver_contracts.defects.defect import DEFAULT_PROFILE, Defect
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.events import FindingReported, RunFailure, RunFinished
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import mock_in_process

# The examples are a few requests, the coverage is half of the corpus.
_ORIGINS: Final[tuple[frozenset[Origin], ...]] = (
    frozenset({"examples"}),
    frozenset({"near-miss"}),
    frozenset({"fuzzing", "stateful"}),
    frozenset({"coverage"}),
)


@dataclass(frozen=True, slots=True)
class Kill:
    """The result of one run on a server with the defect, or on the correct server without one."""

    defect: Defect | None
    found_by: tuple[str, ...]
    failure: RunFailure | None
    seconds: float
    requests: int

    @property
    def missed_by(self) -> tuple[str, ...]:
        """The checks that the defect names and that did not fail."""
        return () if self.defect is None else tuple(sorted(self.defect.fails.difference(self.found_by)))

    @property
    def is_killed(self) -> bool:
        """Every check that the defect names failed."""
        return self.defect is not None and not self.missed_by

    @property
    def is_expected(self) -> bool:
        """The defect is killed, or the correct server has no finding."""
        return self.is_killed if self.defect is not None else not self.found_by and self.failure is None


def kill(defect: Defect | None, *, seed: int = DEFAULT_SEED) -> Kill:
    """Run all checks and the corpus on a fresh server with the defect, or without one."""
    return _run(defect, seed, claims=load_claims())


def kill_by_named_checks(defect: Defect) -> Kill:
    """Run only the claims and rules that the defect names, then parts of the corpus until every named check failed."""
    runs: list[Kill] = []
    for parts in _named_parts(defect):
        runs.append(_run(defect, DEFAULT_SEED, **parts))
        if _join(runs).is_killed:
            break
    return _join(runs)


def _named_parts(defect: Defect) -> Iterator[dict[str, Any]]:
    claims, rules = all_checks()
    named_claims, named_rules = defect.fails & claims.keys(), defect.fails & rules.keys()
    if named_claims or named_rules:
        promises = [claim for claim in load_claims() if claim.id in named_claims] or None
        yield {"claims": promises, "rules": bool(named_rules), "rule_names": named_rules, "fuzz": False}
    if defect.fails - named_claims - named_rules:
        for origins in _ORIGINS:
            yield {"rules": False, "origins": origins}


def _join(runs: Sequence[Kill]) -> Kill:
    found_by = {check for run in runs for check in run.found_by}
    failure = next((run.failure for run in runs if run.failure is not None), None)
    seconds, requests = sum(run.seconds for run in runs), sum(run.requests for run in runs)
    return Kill(runs[0].defect, tuple(sorted(found_by)), failure, seconds, requests)


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
