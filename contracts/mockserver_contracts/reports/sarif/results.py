"""Results of SARIF: findings, and accepted findings.

GitHub matches alerts by `primaryLocationLineHash`, which its upload action computes from the line of the file unless
the log has one. Many findings share a line, so the log has the finding's own id there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.printable import escape_line
from mockserver_contracts.exchange import Request, Response
from mockserver_contracts.reports.record import ReportedFinding
from mockserver_contracts.reports.reproduction.again import command_again
from mockserver_contracts.reports.reproduction.steps import step_lines
from mockserver_contracts.reports.sarif.location import OperationLocations
from mockserver_contracts.reports.sarif.message import message
from mockserver_contracts.reports.sarif.rules import RuleTable
from mockserver_contracts.reports.text import curl_or_length, decode_body, escape_lines, truncate
from mockserver_contracts.results.events import FindingAccepted
from mockserver_contracts.results.finding import Finding, Severity

LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_LENGTH: Final = 1_000
_CURL_LENGTH: Final = 8_000
_BODY_LENGTH: Final = 16_000


def finding_result(reported: ReportedFinding, rules: RuleTable, locations: OperationLocations) -> dict[str, Any]:
    """The result of a finding."""
    finding, level = reported.finding, LEVELS[reported.finding.severity]
    response = {} if finding.mock_response is None else {"mockResponse": _response(finding.mock_response)}
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.add(finding.check, finding.kind, level, finding.promise),
        "level": level,
        "message": message(_text(reported)),
        "locations": [locations.location(finding.operation, finding.pointer)],
        **_fingerprints(reported.id),
        "webRequest": _request(finding.request),
        "webResponse": {"noResponseReceived": True} if finding.response is None else _response(finding.response),
        "properties": {
            **_properties(reported.id, finding.kind, finding.operation),
            "pointer": escape_line(finding.pointer),
            "expected": escape_lines(truncate(finding.expected, _LENGTH)),
            "actual": escape_lines(truncate(finding.actual, _LENGTH)),
            "curl": escape_line(curl_or_length(reported.curl, _CURL_LENGTH)),
            "steps": [escape_line(line) for line in step_lines(finding.steps)],
            **response,
        },
    }


def accepted_result(accepted: FindingAccepted, rules: RuleTable, locations: OperationLocations) -> dict[str, Any]:
    """The suppressed result of an accepted finding. It fails no run, so its level is the lowest."""
    justification = escape_lines(accepted.reason)
    days = {"since": accepted.since, "expires": accepted.expires}
    return {
        "ruleId": accepted.check,
        "ruleIndex": rules.add(accepted.check, accepted.kind, "note"),
        "level": "note",
        "message": message(f"{_line(accepted.title)}: {_line(accepted.operation)}. Accepted: {justification}"),
        "locations": [locations.location(accepted.operation)],
        **_fingerprints(accepted.id),
        "suppressions": [{"kind": "external", "status": "accepted", "justification": justification}],
        "properties": {
            **_properties(accepted.id, accepted.kind, accepted.operation),
            **{name: day.isoformat() for name, day in days.items() if day is not None},
        },
    }


def _text(reported: ReportedFinding) -> str:
    finding = reported.finding
    left, right = ("Mock", "Target") if finding.kind == "drift" else ("Expected", "Actual")
    return "\n".join(
        (
            f"{_summary(finding)}.",
            f"{left}: {_line(finding.expected)}",
            f"{right}: {_line(finding.actual)}",
            escape_line(command_again(reported, _CURL_LENGTH)),
        )
    )


def _summary(finding: Finding) -> str:
    place = f" at {_line(finding.pointer)}" if finding.pointer else ""
    return f"{_line(finding.title)}: {_line(finding.operation)}{place}"


def _line(text: str) -> str:
    return escape_line(truncate(text, _LENGTH))


def _fingerprints(finding: str) -> dict[str, Any]:
    return {
        "fingerprints": {"findingId/v1": finding},
        "partialFingerprints": {"primaryLocationLineHash": finding},
    }


def _properties(finding: str, kind: str, operation: str) -> dict[str, str]:
    return {"id": finding, "kind": kind, "operation": escape_line(operation)}


def _request(request: Request) -> dict[str, Any]:
    method, target = escape_line(request.method), escape_line(request.url)
    return {"protocol": "http", "method": method, "target": target, **_content(request.headers, request.body)}


def _response(response: Response) -> dict[str, Any]:
    return {"protocol": "http", "statusCode": response.status, **_content(response.headers, response.body)}


def _content(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    lines = {escape_line(name): escape_line(truncate(value, _LENGTH)) for name, value in headers.items()}
    text = {"body": {"text": escape_lines(truncate(decode_body(body), _BODY_LENGTH))}} if body else {}
    return {"headers": lines, **text}
