"""What a run learns, and the events by which it tells.

Rule 1: a finding's id derives from its kind, check, operation, pointer and cause, and from nothing else.
Rule 2: repeats of a finding are the finding; it keeps the smallest request that shows it.
Rule 3: nothing here knows where requests come from or how a report looks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from mockserver_contracts.exchange import Request, Response

Severity = Literal["error", "warning", "info"]
Kind = Literal["claim", "fuzz", "drift"]
Verdict = Literal["upheld", "violated", "undecided"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was not kept, with the evidence to see it again."""

    kind: Kind
    check: str
    operation: str
    pointer: str
    cause: str
    severity: Severity
    title: str
    expected: str
    actual: str
    request: Request
    # None where the request got no whole answer.
    response: Response | None
    # What the mock answered to the same request, where the two are compared.
    mock_response: Response | None = None

    @property
    def id(self) -> str:
        """The same for the same kind, check, operation, pointer and cause, from run to run."""
        name = "\n".join((self.kind, self.check, self.operation, self.pointer, self.cause))
        return f"{self.kind}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"

    def renamed(self, title: str) -> Finding:
        """The finding under another title; its id stays."""
        return replace(self, title=title)


class Findings:
    """Findings of a run, repeats joined, in the order of their first sight."""

    def __init__(self) -> None:
        self._by_id: dict[str, Finding] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, finding: Finding) -> bool:
        return finding.id in self._by_id

    def add(self, finding: Finding) -> None:
        """Keep the finding, or its request where that is smaller than the one known."""
        known = self._by_id.get(finding.id)
        if known is None or finding.request.size < known.request.size:
            self._by_id[finding.id] = finding if known is None else replace(finding, severity=known.severity)

    def sorted(self) -> tuple[Finding, ...]:
        """All findings, the gravest first."""
        return tuple(sorted(self._by_id.values(), key=lambda finding: SEVERITIES.index(finding.severity)))


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One claim of the page and what this run can say about it."""

    id: str
    voice: str
    statement: str
    promised: bool
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen on the way that is no result: reports pass it over."""


Event = (
    RunStarted
    | RunNote
    | RunProgress
    | ClaimDecided
    | FindingReported
    | FindingAccepted
    | FindingVanished
    | RunFinished
    | Observation
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
