"""What a run told, kept for the reports that are written when it is over.

Rule 1: nothing is kept before it is clean of keys.
Rule 2: a run that broke off has a record too, and the record says so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mockserver_contracts.reports.redaction import Redaction
from mockserver_contracts.reports.voices import Contradiction, contradictions
from mockserver_contracts.results.events import (
    ClaimDecided,
    Event,
    FindingAccepted,
    FindingReported,
    FindingVanished,
    RunFailure,
    RunFinished,
    RunProgress,
    RunStarted,
    Tally,
)
from mockserver_contracts.results.finding import Finding, Request, Response
from mockserver_contracts.results.verdict import ClaimVerdict


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding without keys; its id is the one it had with them."""

    id: str
    finding: Finding
    curl: str


class Record:
    """The events of a run as far as they come."""

    def __init__(
        self,
        redaction: Redaction,
        *,
        version: str,
        claims: Sequence[Mapping[str, Any]] = (),
        fail_on: frozenset[str] = frozenset({"error"}),
    ) -> None:
        self.version = version
        self.fail_on = fail_on
        self.target = ""
        self.profile = ""
        self.seed = 0
        self.tally = Tally()
        self.began = datetime.now(UTC)
        self.claims: list[ClaimVerdict] = []
        self.findings: list[Shown] = []
        self.accepted: list[FindingAccepted] = []
        self.vanished: list[FindingVanished] = []
        self._places = {claim["id"]: " ".join(str(claim.get("place", "")).split()) for claim in claims}
        self._page = claims
        self._redaction = redaction
        self._end: RunFinished | None = None
        self._sent = 0
        self._since = time.monotonic()

    def handle(self, event: Event) -> None:
        """Take the event down."""
        self.tally.handle(event)
        clean = self._text
        if isinstance(event, RunStarted):
            self.began, self._since = datetime.now(UTC), time.monotonic()
            self.target, self.profile, self.seed = clean(event.target), clean(event.profile), event.seed
        elif isinstance(event, RunProgress):
            self._sent = event.requests_sent
        elif isinstance(event, ClaimDecided):
            claim = event.claim
            self.claims.append(replace(claim, statement=clean(claim.statement), reason=clean(claim.reason)))
        elif isinstance(event, FindingReported):
            self.findings.append(Shown(event.finding.id, self._clean(event.finding), clean(event.curl)))
        elif isinstance(event, FindingAccepted):
            self.accepted.append(self._accepted(event))
        elif isinstance(event, FindingVanished):
            name, title, reason = map(clean, (event.baseline, event.title, event.reason))
            self.vanished.append(FindingVanished(name, event.id, title, reason))
        elif isinstance(event, RunFinished):
            self._end = self._ended(event)

    @property
    def end(self) -> RunFinished:
        """How the run ended; that of one that broke off is made up from what is known."""
        if self._end is not None:
            return self._end
        duration = time.monotonic() - self._since
        return RunFinished(exit_code=3, requests_sent=self._sent, duration=duration, stopped="the run broke off")

    @property
    def is_incomplete(self) -> bool:
        """Whether the run did not send all it would have sent."""
        return self.end.failure is not None or self.end.stopped is not None

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Where judged claims contradict each other, and whom the target follows."""
        verdicts = {claim.id: claim.verdict for claim in self.claims}
        return tuple(
            each for each in contradictions(self._page, verdicts) if not verdicts.keys().isdisjoint(each.claims)
        )

    def place(self, claim: str) -> str:
        """Where on the page the claim stands."""
        return self._places.get(claim, "")

    def findings_of(self, claim: ClaimVerdict) -> tuple[Shown, ...]:
        """What shows that the claim is violated."""
        return tuple(
            shown
            for shown in self.findings
            if shown.id in claim.evidence or (shown.finding.kind == "claim" and shown.finding.check == claim.id)
        )

    def accepted_of(self, claim: ClaimVerdict) -> tuple[FindingAccepted, ...]:
        """What shows that the claim is violated, and is accepted."""
        return tuple(
            each
            for each in self.accepted
            if each.id in claim.evidence or (each.kind == "claim" and each.check == claim.id)
        )

    def fails(self, severity: str) -> bool:
        """Whether a finding of this severity, or an undecided claim, fails the run."""
        return severity == "error" or severity in self.fail_on

    def _accepted(self, event: FindingAccepted) -> FindingAccepted:
        clean = self._text
        return replace(
            event,
            baseline=clean(event.baseline),
            operation=clean(event.operation),
            title=clean(event.title),
            reason=clean(event.reason),
        )

    def _ended(self, event: RunFinished) -> RunFinished:
        clean = self._text
        failure = event.failure and RunFailure(event.failure.code, clean(event.failure.message))
        return replace(event, failure=failure, stopped=None if event.stopped is None else clean(event.stopped))

    def _text(self, text: str) -> str:
        # Half a character is none: no file could be written with it, nor be read.
        return self._redaction.text(text).encode("utf-8", "backslashreplace").decode("utf-8")

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {self._text(name): self._text(value) for name, value in headers.items()}

    def _clean(self, finding: Finding) -> Finding:
        clean = self._text
        return replace(
            finding,
            operation=clean(finding.operation),
            pointer=clean(finding.pointer),
            title=clean(finding.title),
            expected=clean(finding.expected),
            actual=clean(finding.actual),
            request=self._request(finding.request),
            response=None if finding.response is None else self._response(finding.response),
            mock_response=None if finding.mock_response is None else self._response(finding.mock_response),
        )

    def _request(self, request: Request) -> Request:
        headers, body = self._headers(request.headers), self._redaction.bytes(request.body)
        return Request(self._text(request.method), self._text(request.url), headers, body)

    def _response(self, response: Response) -> Response:
        headers, body = self._headers(response.headers), self._redaction.bytes(response.body)
        return Response(response.status, headers, body)
