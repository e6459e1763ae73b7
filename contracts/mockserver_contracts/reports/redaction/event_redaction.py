"""Redact the events of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import FindingAccepted, FindingVanished, RunFailure, RunFinished
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.verdict import ClaimVerdict

_LONGEST_BODY: Final = 64 * 1024
_SLACK: Final = 16 * 1024
"""More than any spelling of a key takes."""


class EventRedaction:
    """Redacts the parts of events. Every text of the result can be encoded as UTF-8."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction

    def text(self, text: str) -> str:
        """The text without secrets and without lone surrogates, which no file can hold."""
        return self._redaction.text(text).encode("utf-8", "backslashreplace").decode("utf-8")

    def claim(self, claim: ClaimVerdict) -> ClaimVerdict:
        """The verdict without secrets."""
        return replace(claim, statement=self.text(claim.statement), reason=self.text(claim.reason))

    def finding(self, finding: Finding) -> Finding:
        """The finding without secrets. Its id may change."""
        return replace(
            finding,
            operation=self.text(finding.operation),
            pointer=self.text(finding.pointer),
            title=self.text(finding.title),
            expected=self.text(finding.expected),
            actual=self.text(finding.actual),
            request=self._request(finding.request),
            response=None if finding.response is None else self._response(finding.response),
            mock_response=None if finding.mock_response is None else self._response(finding.mock_response),
            steps=tuple(tuple(map(self._exchange, turn)) for turn in finding.steps),
        )

    def accepted(self, event: FindingAccepted) -> FindingAccepted:
        """The event without secrets."""
        return replace(
            event,
            baseline=self.text(event.baseline),
            operation=self.text(event.operation),
            title=self.text(event.title),
            reason=self.text(event.reason),
        )

    def vanished(self, event: FindingVanished) -> FindingVanished:
        """The event without secrets."""
        baseline, title, reason = map(self.text, (event.baseline, event.title, event.reason))
        return FindingVanished(baseline, event.id, title, reason)

    def coverage(self, report: CoverageReport) -> CoverageReport:
        """The report without secrets: a server may answer with a media type that shows one."""
        operations = [
            replace(each, surprises={self.text(name): times for name, times in each.surprises.items()})
            for each in report.operations
        ]
        return replace(report, operations=tuple(operations))

    def finished(self, event: RunFinished) -> RunFinished:
        """The event without secrets."""
        failure = event.failure and RunFailure(event.failure.code, self.text(event.failure.message))
        return replace(event, failure=failure, stopped=None if event.stopped is None else self.text(event.stopped))

    def _exchange(self, exchange: Exchange) -> Exchange:
        return replace(exchange, request=self._request(exchange.request), response=self._response(exchange.response))

    def _request(self, request: Request) -> Request:
        headers, body = self._headers(request.headers), self._redaction.bytes(request.body)
        return Request(self.text(request.method), self.text(request.url), headers, body)

    def _response(self, response: Response) -> Response:
        headers, body = self._headers(response.headers), self._redaction.bytes(response.body[: _LONGEST_BODY + _SLACK])
        if len(response.body) > _LONGEST_BODY:
            # What the cut left of a secret stands in the slack, and goes with it.
            body = body[: max(len(body) - _SLACK, 0)][:_LONGEST_BODY]
            body += f"\n[cut behind {_LONGEST_BODY:,} bytes]".encode()
        return Response(response.status, headers, body)

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {self.text(name): self.text(value) for name, value in headers.items()}
