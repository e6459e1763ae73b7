"""Runs of the check on servers of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.corpus.entry import Origin
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import ClaimDecided, FindingReported, RunEvent, RunFinished
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.target import SERVE_URL, Target, mock_in_process
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport

from mockserver.contract import load
from tests.matrix import IS_LONG

KEY = "sk-check-tests"
# Every operation, kind of order and refusal is among them; the other half are variations.
PART: frozenset[Origin] | None = None if IS_LONG else frozenset({"examples", "near-miss"})
CLAIMS = load_claims()


@cache
def document(profile: str = "page") -> Mapping[str, Any]:
    """The contract of the profile."""
    return load(profile)[0].document


@dataclass(frozen=True)
class Run:
    """A run that is over."""

    events: tuple[RunEvent, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(event.finding for event in self.events if isinstance(event, FindingReported))

    @property
    def claims(self) -> tuple[ClaimDecided, ...]:
        return tuple(event for event in self.events if isinstance(event, ClaimDecided))

    def verdicts(self, verdict: str, *, promised: bool = True) -> set[str]:
        return {
            event.claim.id
            for event in self.claims
            if event.claim.verdict == verdict and event.claim.promised == promised
        }

    @property
    def end(self) -> RunFinished:
        assert isinstance(self.events[-1], RunFinished)
        return self.events[-1]

    @property
    def ids(self) -> set[str]:
        return {finding.id for finding in self.findings}


def target_of(application: Any, *, is_mock: bool = True, limits: Limits | None = None) -> Target:
    """The application as a target; with limits, on rails."""
    transport = AsgiTransport(application, SERVE_URL)
    key = ApiKey(KEY, "VIDEO_DB_API_KEY", "sk-check")
    on_rails = limits is not None
    return Target(
        "tests",
        SERVE_URL,
        key,
        transport,
        transport.close,
        is_mock=is_mock,
        on_rails=on_rails,
        limits=limits or Limits(),
    )


def run_on(target: Target, *, seed: int = DEFAULT_SEED, max_examples: int = DEFAULT_EXAMPLES, **changes: Any) -> Run:
    """The whole run on the target."""
    subject = Subject("page", document(), frozenset(), lambda: target)
    order = RunPlan("tests", (subject,), seed=seed, max_examples=max_examples, **{"rules": False, **changes})
    return Run(tuple(run_plan(order)))


def checked_on(target: Target, *, profile: str = "page", seed: int = DEFAULT_SEED, **changes: Any) -> Run:
    """The claims and the rules on the target; without the fuzzer, if nothing else is said."""
    subject = Subject(profile, document(profile), frozenset(), lambda: target)
    parts = {"fuzz": False, "claims": CLAIMS, "max_examples": DEFAULT_EXAMPLES, **changes}
    return Run(tuple(run_plan(RunPlan("tests", (subject,), seed=seed, **parts))))


def checked_by(name: str, target: Target, **changes: Any) -> Run:
    """One claim or rule on the target; in `make test-long` all of them, as in a whole run."""
    if IS_LONG:
        return checked_on(target, **changes)
    claims = [claim for claim in CLAIMS if claim.id == name]
    return checked_on(target, claims=claims, rules=not claims, rule_names=frozenset({name}), **changes)


def drift_of(target: Target, *, profile: str = "page", seed: int = DEFAULT_SEED, **changes: Any) -> Run:
    """The target compared with the mock."""
    subject = Subject(profile, document(profile), frozenset(), lambda: target, lambda: mock_in_process(profile))
    parts = {"claims": CLAIMS, **changes}
    return Run(tuple(run_plan(RunPlan("tests", (subject,), seed=seed, max_examples=DEFAULT_EXAMPLES, **parts))))
