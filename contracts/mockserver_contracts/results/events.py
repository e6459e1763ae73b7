"""The events of a run, from its start to its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver_contracts.results.finding import Finding, FindingKind
from mockserver_contracts.results.run_command import RunCommand
from mockserver_contracts.results.verdict import ClaimVerdict


@dataclass(frozen=True, slots=True)
class RunFailure:
    """The reason why the target could not be tested."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run has started."""

    target: str
    profile: str
    seed: int
    # Exact statuses count, because the user asks for it.
    is_strict: bool = False
    command: RunCommand = "check"


@dataclass(frozen=True, slots=True)
class RunNote:
    """A sentence for the console while the run goes on."""

    sentence: str


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The counts of requests and findings so far."""

    profile: str
    phase: str
    requests_sent: int
    findings: int


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """A claim has its verdict."""

    claim: ClaimVerdict


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """A check failed to run; the reason has the exception."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingReported:
    """A finding, and what shows it again: a curl line, and for a finding of state a Python script."""

    finding: Finding
    curl: str
    # The curl line that reads the body from the file `ID.body`.
    curl_from_file: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class FindingAccepted:
    """A finding that the baseline accepts. If `is_new`, this run adds it to the baseline."""

    baseline: str
    id: str
    kind: FindingKind
    check: str
    operation: str
    title: str
    reason: str
    since: date | None = None
    expires: date | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class FindingVanished:
    """An entry of the baseline whose finding did not occur, although the run checks for it."""

    baseline: str
    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoverageMeasured:
    """The parts of the contracts that the exchanges of the run have exercised."""

    report: CoverageReport


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over. `failure` is the reason of an outage, `stopped` the planned limit that ended the run early."""

    exit_code: int
    requests_sent: int
    duration: float
    failure: RunFailure | None = None
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """An event that is no result; reports ignore it."""


RunEvent = (
    RunStarted
    | RunNote
    | RunProgress
    | ClaimDecided
    | CheckFailed
    | FindingReported
    | FindingAccepted
    | FindingVanished
    | CoverageMeasured
    | RunFinished
    | Observation
)


@dataclass(slots=True)
class Tally:
    """Counts of verdicts and findings, for the end of a report."""

    verdicts: dict[str, int] = field(default_factory=lambda: {"upheld": 0, "violated": 0, "undecided": 0, "failed": 0})
    findings: dict[str, int] = field(default_factory=lambda: {"claim": 0, "fuzz": 0, "drift": 0})

    def handle(self, event: RunEvent) -> None:
        """Count the event."""
        if isinstance(event, ClaimDecided):
            self.verdicts[event.claim.verdict] += 1
        elif isinstance(event, FindingReported):
            self.findings[event.finding.kind] += 1
