"""The results of a run so far, over all its subjects.

Rule: an answer that an outage caused is no finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver_contracts.checks.verdicts import CheckResult
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.results.failed_check import FailedChecks
from mockserver_contracts.results.finding import Finding, Findings, rank
from mockserver_contracts.target.gate import REFUSALS


@dataclass(slots=True)
class RecordedFinding:
    """A finding, the target and the key that send its requests again, and the profiles that show it."""

    finding: Finding
    target: str
    key: ApiKey
    profiles: list[str] = field(default_factory=list)

    def with_profiles(self) -> Finding:
        """The finding with the profiles in its title: they are part of the set-up that reproduces it."""
        noun = "profile" if len(self.profiles) == 1 else "profiles"
        return self.finding.with_title(f"{self.finding.title} ({noun} {', '.join(self.profiles)})")


@dataclass(slots=True)
class RunResults:
    """Findings, verdicts, and the reason if the run was cut short."""

    findings: dict[str, RecordedFinding] = field(default_factory=dict)
    requests_sent: int = 0
    failure: RunFailure | None = None
    stopped: str | None = None
    # Entries of the corpus that an earlier subject of the run was sent.
    replayed: set[str] = field(default_factory=set)
    failed_checks: FailedChecks = field(default_factory=FailedChecks)
    # The target's address, and the abilities that it lacked.
    address: str = ""
    lacks: set[str] = field(default_factory=set)
    # The checks that did not run to their end on a subject.
    unfinished: set[str] = field(default_factory=set)
    # The ids of findings that occurred and are not reported.
    repeated: set[str] = field(default_factory=set)
    # The coverage of each subject's contract.
    coverage: list[CoverageReport] = field(default_factory=list)
    # For each claim the result on each subject, and whether the subject's profile promises the claim.
    claims: dict[str, list[tuple[bool, CheckResult]]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """The run can learn nothing more."""
        return self.failure is not None or self.stopped is not None

    def add_findings(self, findings: Findings, profile: str, target: str, key: ApiKey) -> None:
        """Add the findings of a subject at the target's URL, but for those that an outage caused."""
        for finding in findings.sorted():
            is_outage = finding.response is not None and finding.response.status in REFUSALS
            if self.failure is None or not is_outage:
                self.findings.setdefault(finding.id, RecordedFinding(finding, target, key)).profiles.append(profile)

    def add_claims(self, decided: Iterable[tuple[bool, CheckResult]]) -> None:
        """Add results of claims, each with whether it is promised."""
        for is_promised, result in decided:
            self.claims.setdefault(result.name, []).append((is_promised, result))
            self.note_end(result)

    def note_end(self, result: CheckResult) -> None:
        """Record how the check ended: at its end, early or with a failure."""
        self.repeated |= result.repeated
        if not result.is_finished:
            self.unfinished.add(result.name)
        if result.failure:
            self.failed_checks.add(result.name, result.failure)

    @property
    def end(self) -> RunFailure | None:
        """The reason why the run, now over, is no test of the whole target."""
        if self.failure is not None or not self.failed_checks.reasons:
            return self.failure
        names = ", ".join(self.failed_checks.reasons)
        return RunFailure("check_failed", f"failed to run: {names}")

    def sorted_findings(self) -> tuple[RecordedFinding, ...]:
        """The findings in the order of a report."""
        return tuple(sorted(self.findings.values(), key=lambda recorded: rank(recorded.finding)))
