"""The record of a run as JSON. Its schema is spec/report.schema.json."""

from __future__ import annotations

import json
from typing import Any, Final

from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.text import decode_body
from mockserver_contracts.results.events import FindingAccepted
from mockserver_contracts.results.verdict import ClaimVerdict

SCHEMA_VERSION: Final = 1


def render_json(record: RunRecord) -> str:
    """Render the record as a JSON document."""
    return json.dumps(_report(record), indent=2, ensure_ascii=False) + "\n"


def _report(record: RunRecord) -> dict[str, Any]:
    end = record.end
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "videodb-mockserver", "version": record.version},
        "started_at": record.began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "duration_s": round(end.duration, 3),
        "command": record.command,
        "seed": record.seed,
        "target": record.target,
        "profile": record.profile,
        "strict": record.is_strict,
        "exit_code": end.exit_code,
        "error": None if end.failure is None else {"code": end.failure.code, "message": end.failure.message},
        "incomplete": record.is_incomplete,
        "requests_sent": end.requests_sent,
        "summary": {
            **record.tally.verdicts,
            "fuzz_failures": record.tally.findings["fuzz"],
            "drifts": record.tally.findings["drift"],
            "accepted": len(record.accepted),
        },
        "claims": [_claim(claim) for claim in record.claims],
        "voices": [
            {"contradiction": each.name, "claims": list(each.claims), "sides_with": each.sides_with}
            for each in record.contradictions
        ],
        "failed_checks": [{"check": each.name, "reason": each.reason} for each in record.failed_checks],
        "findings": [_finding(reported) for reported in record.findings],
        "causes": [[reported.id for reported in group] for group in record.groups],
        "accepted": [_accepted(each) for each in record.accepted],
        "vanished": [{"id": each.id, "title": each.title, "reason": each.reason} for each in record.vanished],
    }


def _claim(claim: ClaimVerdict) -> dict[str, Any]:
    return {
        "id": claim.id,
        "voice": claim.voice,
        "statement": claim.statement,
        "promised": claim.promised,
        "verdict": claim.verdict,
        "reason": claim.reason,
        "evidence": list(claim.evidence),
    }


def _finding(reported: ReportedFinding) -> dict[str, Any]:
    finding = reported.finding
    return {
        "id": reported.id,
        "kind": finding.kind,
        "check": finding.check,
        "promise": finding.promise,
        "severity": finding.severity,
        "title": finding.title,
        "operation": finding.operation,
        "pointer": finding.pointer,
        "expected": finding.expected,
        "actual": finding.actual,
        "curl": reported.curl,
        "request": _request(finding.request),
        "response": None if finding.response is None else _response(finding.response),
        "steps": [[_step(exchange) for exchange in turn] for turn in finding.steps],
        **({} if finding.mock_response is None else {"mock_response": _response(finding.mock_response)}),
    }


def _accepted(accepted: FindingAccepted) -> dict[str, Any]:
    since, expires = (None if day is None else day.isoformat() for day in (accepted.since, accepted.expires))
    return {
        "id": accepted.id,
        "title": accepted.title,
        "reason": accepted.reason,
        "since": since,
        "expires": expires,
    }


def _request(request: Request) -> dict[str, Any]:
    body = decode_body(request.body) if request.body else None
    return {"method": request.method, "url": request.url, "headers": dict(request.headers), "body": body}


def _step(exchange: Exchange) -> dict[str, Any]:
    return {**_request(exchange.request), "status": exchange.status}


def _response(response: Response) -> dict[str, Any]:
    body = decode_body(response.body) if response.body else None
    return {"status": response.status, "headers": dict(response.headers), "body": body}
