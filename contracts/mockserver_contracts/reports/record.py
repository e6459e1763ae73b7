"""The record of a run, collected from its events for the reports at its end.

Rule 1: the record holds no key: it redacts every event before it keeps a part of it.
Rule 2: a run that breaks off has a record too, and the record is marked incomplete.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mockserver.coverage.report.merge import EMPTY
from mockserver_contracts.document.source_file import SourceFile
from mockserver_contracts.reports.redaction.event_redaction import EventRedaction
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.reports.voices import Contradiction, find_contradictions
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.events import (
    CheckFailed,
    ClaimDecided,
    CoverageMeasured,
    FindingAccepted,
    FindingReported,
    FindingVanished,
    RunEvent,
    RunFinished,
    RunProgress,
    RunStarted,
    Tally,
)
from mockserver_contracts.results.exit_code import DEFAULT_FAIL_ON
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.grouping import group_by_cause
from mockserver_contracts.results.run_command import RunCommand, run_title
from mockserver_contracts.results.verdict import ClaimVerdict


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A redacted finding, with the id that it had before the redaction."""

    id: str
    finding: Finding
    curl: str
    curl_from_file: str = ""
    script: str = ""


class RunRecord:
    """Collects the events of a run as they come."""

    def __init__(
        self,
        redaction: Redaction,
        *,
        version: str,
        claims: Sequence[Claim] = (),
        fail_on: frozenset[str] = DEFAULT_FAIL_ON,
        source: SourceFile | None = None,
    ) -> None:
        self.version = version
        self.fail_on = fail_on
        self.source = source or SourceFile()
        self.target = ""
        self.profile = ""
        self.seed = 0
        self.is_strict = False
        self.command: RunCommand = "check"
        self.tally = Tally()
        self.began = datetime.now(UTC)
        self.claims: list[ClaimVerdict] = []
        self.findings: list[ReportedFinding] = []
        self.accepted: list[FindingAccepted] = []
        self.vanished: list[FindingVanished] = []
        self.failed_checks: list[CheckFailed] = []
        self.coverage = EMPTY
        self._places = {claim.id: " ".join(claim.place.split()) for claim in claims}
        self._page = claims
        self._redaction = EventRedaction(redaction)
        self._end: RunFinished | None = None
        self._sent = 0
        self._since = time.monotonic()

    def handle(self, event: RunEvent) -> None:
        """Add the event."""
        self.tally.handle(event)
        redact = self._redaction
        if isinstance(event, RunStarted):
            self.began, self._since = datetime.now(UTC), time.monotonic()
            self.target, self.profile = redact.text(event.target), redact.text(event.profile)
            self.seed, self.is_strict, self.command = event.seed, event.is_strict, event.command
        elif isinstance(event, RunProgress):
            self._sent = event.requests_sent
        elif isinstance(event, ClaimDecided):
            self.claims.append(redact.claim(event.claim))
        elif isinstance(event, CheckFailed):
            self.failed_checks.append(CheckFailed(redact.text(event.name), redact.text(event.reason)))
        elif isinstance(event, FindingReported):
            finding = redact.finding(event.finding)
            texts = map(redact.text, (event.curl, event.curl_from_file, event.script))
            self.findings.append(ReportedFinding(event.finding.id, finding, *texts))
        elif isinstance(event, FindingAccepted):
            self.accepted.append(redact.accepted(event))
        elif isinstance(event, FindingVanished):
            self.vanished.append(redact.vanished(event))
        elif isinstance(event, CoverageMeasured):
            self.coverage = redact.coverage(event.report)
        elif isinstance(event, RunFinished):
            self._end = redact.finished(event)

    @property
    def title(self) -> str:
        """The title of a report."""
        return run_title(self.command, self.target)

    @property
    def end(self) -> RunFinished:
        """The last event. For a run that broke off, the record makes one from what it has."""
        if self._end is not None:
            return self._end
        duration = time.monotonic() - self._since
        return RunFinished(exit_code=3, requests_sent=self._sent, duration=duration, stopped="the run broke off")

    @property
    def groups(self) -> tuple[tuple[ReportedFinding, ...], ...]:
        """The findings by cause, the gravest first."""
        return group_by_cause(self.findings, lambda reported: reported.finding)

    @property
    def has_answers(self) -> bool:
        """The target answered something."""
        return bool(self.end.requests_sent or self.findings or self.accepted)

    @property
    def is_incomplete(self) -> bool:
        """The run ended before it had sent all its requests."""
        return self.end.failure is not None or self.end.stopped is not None

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The contradictions among claims with a verdict, and the voices that the target follows."""
        verdicts = {claim.id: claim.verdict for claim in self.claims}
        return tuple(
            each for each in find_contradictions(self._page, verdicts) if not verdicts.keys().isdisjoint(each.claims)
        )

    def place(self, claim: str) -> str:
        """The claim's place on the page; empty if the record has no such claim."""
        return self._places.get(claim, "")

    def findings_of(self, claim: ClaimVerdict) -> tuple[ReportedFinding, ...]:
        """The findings that show the claim violated."""
        return tuple(
            reported
            for reported in self.findings
            if reported.id in claim.evidence
            or (reported.finding.kind == "claim" and reported.finding.check == claim.id)
        )

    def accepted_of(self, claim: ClaimVerdict) -> tuple[FindingAccepted, ...]:
        """The accepted findings that show the claim violated."""
        return tuple(
            each
            for each in self.accepted
            if each.id in claim.evidence or (each.kind == "claim" and each.check == claim.id)
        )

    def fails(self, severity: str) -> bool:
        """A finding of this severity, or an undecided claim, fails the run."""
        return severity == "error" or severity in self.fail_on
