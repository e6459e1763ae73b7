"""From an exchange to its findings: one cause is one finding.

Rule 1: a failure that follows from another of the same answer is not told again.
Rule 2: which 4xx a refusal has is judged on the mock only; elsewhere it is worth a remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from contracts.cause import Cause
from contracts.door import Unanswered
from contracts.envelope import CHECK, broken_refusals
from contracts.finding import Finding, Findings, Request, Severity
from contracts.fuzz import Exchange

NO_KEY: Final = "A request without a valid key is served"
# How long an answer takes is also the network's doing.
_VISIBLE: Final = frozenset({"max_response_time"})
_REDIRECT: Final = "undocumented redirect"
# The check on the left explains the failures of those on the right, on the same answer.
_EXPLAINS: Final[Mapping[str, frozenset[str] | None]] = {
    "not_a_server_error": None,
    _REDIRECT: frozenset({"positive_data_acceptance", "negative_data_rejection", "ignored_auth"}),
    CHECK: frozenset({"content_type_conformance", "response_schema_conformance"}),
    # A page where JSON was promised accepts nothing, protects nothing and has no fields.
    "content_type_conformance": None,
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Turns exchanges into findings."""

    is_mock: bool
    has_error_body: bool
    key_header: str

    def note(self, exchange: Exchange, unanswered: Unanswered | None, findings: Findings) -> None:
        """Add what the exchange shows to the findings."""
        if unanswered is not None:
            findings.add(self._unanswered(exchange.operation, exchange.request, unanswered))
            return
        failed = [self._as_one(name, cause) for name, cause in exchange.causes]
        checks = {_explainer(name, exchange.response.status) for name, _ in failed}
        if self.has_error_body:
            for finding in broken_refusals(exchange.operation, exchange.request, exchange.response):
                checks.add(finding.check)
                findings.add(finding)
        for name, cause in failed:
            if not _is_explained(name, checks) and not self._is_known(exchange, name, cause, findings):
                findings.add(self._finding(exchange, name, cause))

    def _as_one(self, name: str, cause: Cause) -> tuple[str, Cause]:
        # Two checks take the key away; what they see then is one fault.
        if name == "missing_required_header" and cause.word == self.key_header.lower():
            return "ignored_auth", replace(cause, word="no_auth", title=NO_KEY)
        return name, replace(cause, title=NO_KEY) if name == "ignored_auth" else cause

    def _is_known(self, exchange: Exchange, name: str, cause: Cause, findings: Findings) -> bool:
        # A body with several faults that is accepted shows nothing new if one of them is accepted alone.
        if not cause.also:
            return False
        alternatives = (cause, *cause.also)
        return any(self._finding(exchange, name, alternative) in findings for alternative in alternatives)

    def _finding(self, exchange: Exchange, name: str, cause: Cause) -> Finding:
        severity: Severity = "warning" if name in _VISIBLE else "error"
        if cause.is_exact_status and not self.is_mock:
            severity = "info"
        return Finding(
            kind="fuzz",
            check=name,
            operation=exchange.operation,
            pointer=cause.pointer,
            cause=cause.word,
            severity=severity,
            title=cause.title,
            expected=cause.expected,
            actual=cause.actual,
            request=exchange.request,
            response=exchange.response,
        )

    def _unanswered(self, operation: str, request: Request, unanswered: Unanswered) -> Finding:
        return Finding(
            kind="fuzz",
            check="every_request_is_answered",
            operation=operation,
            pointer="",
            cause=unanswered.cause,
            severity="error",
            title="A request without a whole answer",
            expected="an HTTP answer",
            actual=str(unanswered),
            request=request,
            response=None,
        )


def _explainer(name: str, status: int) -> str:
    is_redirect = name == "status_code_conformance" and 300 <= status < 400
    return _REDIRECT if is_redirect else name


def _is_explained(name: str, checks: set[str]) -> bool:
    return any(
        check != name and check in checks and (explained is None or name in explained)
        for check, explained in _EXPLAINS.items()
    )
