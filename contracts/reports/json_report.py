"""The run as JSON; its schema is published as spec/report.schema.json."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from contracts.finding import Event, Finished, Found, Judged, Request, Response, Started, Tally
from contracts.redaction import Redaction

SCHEMA_VERSION: Final = 1


class JsonReport:
    """Writes the report when it is closed; a run that broke off leaves what it had found."""

    def __init__(self, file: Path, redaction: Redaction, *, version: str) -> None:
        self._file = file
        self._redaction = redaction
        self._tally = Tally()
        self._claims: list[dict[str, Any]] = []
        self._findings: list[dict[str, Any]] = []
        self._began = datetime.now(UTC)
        self._head: dict[str, Any] = {"target": "", "profile": "", "seed": 0}
        self._tool = {"name": "videodb-mockserver", "version": version}
        self._end = Finished(exit_code=3, requests_sent=0, duration=0.0, stopped="the run broke off")

    def handle(self, event: Event) -> None:
        """Take the event down."""
        self._tally.handle(event)
        if isinstance(event, Started):
            self._began = datetime.now(UTC)
            self._head = {"target": event.target, "profile": event.profile, "seed": event.seed}
        elif isinstance(event, Judged):
            claim = event.claim
            self._claims.append(
                {
                    "id": claim.id,
                    "voice": claim.voice,
                    "statement": claim.statement,
                    "promised": claim.promised,
                    "verdict": claim.verdict,
                    "reason": claim.reason,
                    "evidence": list(claim.evidence),
                }
            )
        elif isinstance(event, Found):
            self._findings.append(self._finding(event))
        elif isinstance(event, Finished):
            self._end = event

    def close(self) -> None:
        """Write the report, whole or not at all."""
        text = json.dumps(self._report(), indent=2, ensure_ascii=False) + "\n"
        partial = self._file.with_name(f"{self._file.name}.{os.getpid()}.partial")
        partial.write_text(text, encoding="utf-8", errors="backslashreplace")
        partial.replace(self._file)

    def _report(self) -> dict[str, Any]:
        failure = self._end.failure
        error = None
        if failure is not None:
            error = {"code": failure.code, "message": self._redaction.text(failure.message)}
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": self._tool,
            "started_at": self._began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "duration_s": round(self._end.duration, 3),
            **self._head,
            "exit_code": self._end.exit_code,
            "error": error,
            "incomplete": failure is not None or self._end.stopped is not None,
            "requests_sent": self._end.requests_sent,
            "summary": {
                **self._tally.verdicts,
                "fuzz_failures": self._tally.findings["fuzz"],
                "drifts": self._tally.findings["drift"],
                "accepted": 0,
            },
            "claims": self._claims,
            "voices": [],
            "findings": self._findings,
        }

    def _finding(self, event: Found) -> dict[str, Any]:
        finding, clean = event.finding, self._redaction.text
        return {
            "id": finding.id,
            "kind": finding.kind,
            "severity": finding.severity,
            "title": clean(finding.title),
            "operation": finding.operation,
            "pointer": clean(finding.pointer),
            "expected": clean(finding.expected),
            "actual": clean(finding.actual),
            "curl": clean(event.curl),
            "request": self._request(finding.request),
            "response": None if finding.response is None else self._response(finding.response),
        }

    def _request(self, request: Request) -> dict[str, Any]:
        return {
            "method": request.method,
            "url": self._redaction.text(request.url),
            "headers": self._redaction.headers(request.headers),
            "body": _text(self._redaction.bytes(request.body)) if request.body else None,
        }

    def _response(self, response: Response) -> dict[str, Any]:
        return {
            "status": response.status,
            "headers": self._redaction.headers(response.headers),
            "body": _text(self._redaction.bytes(response.body)) if response.body else None,
        }


def _text(body: bytes) -> str:
    # Bytes that are no UTF-8 stay readable, and nothing is lost.
    return body.decode("utf-8", "backslashreplace")
