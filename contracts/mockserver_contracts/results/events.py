"""The events of a run, from its start to its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mockserver_contracts.results.finding import Finding, Kind
from mockserver_contracts.results.verdict import ClaimVerdict


@dataclass(frozen=True, slots=True)
class RunFailure:
    """Why the target could not be tested."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins."""

    target: str
    profile: str
    seed: int


@dataclass(frozen=True, slots=True)
class RunNote:
    """A sentence for whoever watches the run."""

    sentence: str


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Some requests later."""

    profile: str
    phase: str
    requests_sent: int
    findings: int


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """A claim has its verdict."""

    claim: ClaimVerdict


@dataclass(frozen=True, slots=True)
class FindingReported:
    """A finding, its repeats joined."""

    finding: Finding
    curl: str


@dataclass(frozen=True, slots=True)
class FindingAccepted:
    """A finding that the baseline accepts; `is_new` where it does so from this run on."""

    baseline: str
    id: str
    kind: Kind
    check: str
    operation: str
    title: str
    reason: str
    since: date | None = None
    expires: date | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class FindingVanished:
    """A finding that the baseline accepts, and that did not occur though it was looked for."""

    baseline: str
    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run is over; `failure` tells why it could not be finished, `stopped` what cut it short by plan."""

    exit_code: int
    requests_sent: int
    duration: float
    failure: RunFailure | None = None
    stopped: str | None = None


Event = (
    RunStarted
    | RunNote
    | RunProgress
    | ClaimDecided
    | FindingReported
    | FindingAccepted
    | FindingVanished
    | RunFinished
)


@dataclass(slots=True)
class Tally:
    """The verdicts and findings counted, as a report ends with them."""

    verdicts: dict[str, int] = field(default_factory=lambda: {"upheld": 0, "violated": 0, "undecided": 0})
    findings: dict[str, int] = field(default_factory=lambda: {"claim": 0, "fuzz": 0, "drift": 0})

    def handle(self, event: Event) -> None:
        """Count the event."""
        if isinstance(event, ClaimDecided):
            self.verdicts[event.claim.verdict] += 1
        elif isinstance(event, FindingReported):
            self.findings[event.finding.kind] += 1
