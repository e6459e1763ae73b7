"""From an exchange to its findings: one cause is one finding.

Rule 1: a failure that follows from another of the same answer is not told again.
Rule 2: which 4xx a refusal has is judged on the mock only; elsewhere it is worth a remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mockserver_contracts.checks.every_exchange import REFUSAL_BODY, check_error_body, unanswered_request
from mockserver_contracts.corpus.entry import Expected, NearMiss
from mockserver_contracts.document.body_violations import SYNTAX, BodyViolationsOf
from mockserver_contracts.fuzz.cause import forbidden
from mockserver_contracts.fuzz.schemathesis_checks import CheckFailure
from mockserver_contracts.replay.replay import Exchange
from mockserver_contracts.results.finding import Finding, Findings, Severity
from mockserver_contracts.target.answer import Answer

NO_KEY: Final = "A request without a valid key is served"
NOT_REFUSED: Final = "near_miss_refused"
NOT_ACCEPTED: Final = "near_miss_accepted"
_TITLES: Final[Mapping[str, str]] = {
    NOT_REFUSED: "What is nearly right has to be refused",
    NOT_ACCEPTED: "What only looks wrong has to be accepted",
}
# How long an answer takes is also the network's doing.
_VISIBLE: Final = frozenset({"max_response_time"})
_WITHOUT_HEADER: Final = frozenset({"missing_required_header", "negative_data_rejection"})
_REDIRECT: Final = "undocumented redirect"
# The check on the left explains the failures of those on the right, on the same answer.
_EXPLAINS: Final[Mapping[str, frozenset[str] | None]] = {
    "not_a_server_error": None,
    # Whoever serves what was to be refused says whatever he says.
    "ignored_auth": frozenset({"response_schema_conformance"}),
    "negative_data_rejection": frozenset({"response_schema_conformance"}),
    _REDIRECT: frozenset({"positive_data_acceptance", "negative_data_rejection", "ignored_auth"}),
    REFUSAL_BODY: frozenset({"content_type_conformance", "response_schema_conformance"}),
    # A page where JSON was promised accepts nothing, protects nothing and has no fields.
    "content_type_conformance": None,
}


@dataclass(frozen=True, slots=True)
class Triage:
    """Turns exchanges into findings."""

    # Whether exact statuses, and the limits of the parser, are held.
    is_strict: bool
    holds_limits: bool
    has_error_body: bool
    key_header: str
    # What is wrong with a body by the contract, for an operation's path and method.
    faults_of: BodyViolationsOf
    # Claims that have been found broken; what follows from them is not told again.
    told: frozenset[str] = frozenset()

    def note(self, exchange: Exchange, failed: Iterable[CheckFailure], findings: Findings) -> None:
        """Add what the exchange shows to the findings."""
        operation = exchange.entry.operation
        if exchange.unanswered is not None:
            findings.add(unanswered_request(operation, exchange.request, exchange.unanswered))
            return
        one_by_one = [self._as_one(each) for each in failed if not self._is_open(exchange, each)]
        checks = {_explainer(each.check, each.response.status) for each in one_by_one}
        if self.has_error_body:
            for finding in check_error_body(operation, exchange.request, exchange.response):
                checks.add(finding.check)
                findings.add(finding)
        for each in one_by_one:
            if not _is_explained(each.check, checks) and not self._is_known(operation, each, findings):
                findings.add(self._finding(operation, each))
        if exchange.entry.miss is not None and not checks:
            self._note_miss(exchange, exchange.entry.miss, findings)

    def _note_miss(self, exchange: Exchange, miss: NearMiss, findings: Findings) -> None:
        expected, status = exchange.entry.expected, exchange.response.status
        must_refuse = expected is Expected.REFUSED or (expected is Expected.REFUSED_BY_LIMIT and self.holds_limits)
        if must_refuse and exchange.is_accepted:
            if miss.claim not in self.told:
                self._note_accepted(exchange, miss, findings)
        elif must_refuse and exchange.is_refused and status != miss.status:
            severity: Severity = "error" if self.is_strict else "info"
            finding = self._missed(exchange, NOT_REFUSED, f"{status} for {miss.status}", str(miss.status))
            findings.add(replace(finding, severity=severity))
        elif expected is Expected.ACCEPTED and not exchange.is_accepted:
            findings.add(self._missed(exchange, NOT_ACCEPTED, miss.cause, "200"))
        elif not exchange.is_accepted and not exchange.is_refused:
            cause = f"{status} {miss.cause}"
            findings.add(self._missed(exchange, NOT_REFUSED, cause, "an answer of the 2xx or 4xx family"))

    def _note_accepted(self, exchange: Exchange, miss: NearMiss, findings: Findings) -> None:
        # What the schema forbids is Schemathesis' to find, too: whoever finds it first, it is one finding.
        path, method = exchange.entry.path, exchange.entry.method
        faults = self.faults_of(path, method, exchange.request.body)
        if not faults or faults == SYNTAX:
            findings.add(self._missed(exchange, NOT_REFUSED, miss.cause, "a refusal (4xx)"))
            return
        failed = CheckFailure("negative_data_rejection", forbidden(faults, exchange.response.status), *exchange.shown)
        if not self._is_known(exchange.entry.operation, failed, findings):
            findings.add(self._finding(exchange.entry.operation, failed))

    def _missed(self, exchange: Exchange, check: str, cause: str, expected: str) -> Finding:
        return Finding(
            kind="fuzz",
            check=check,
            operation=exchange.entry.operation,
            pointer="",
            cause=cause,
            severity="error",
            title=f"{_TITLES[check]}: {cause}",
            expected=expected,
            actual=Answer(exchange.request, exchange.response).told,
            request=exchange.request,
            response=exchange.response,
        )

    def _is_open(self, exchange: Exchange, failed: CheckFailure) -> bool:
        # Schemathesis goes by the schema alone: of what it made, some a right server may refuse.
        if failed.check != "positive_data_acceptance" or not exchange.is_refused:
            return False
        # And what an id in a path stands for need not be there.
        is_not_there = exchange.response.status == 404 and "{" in exchange.entry.operation
        return is_not_there or exchange.entry.expected is not Expected.ACCEPTED

    def _as_one(self, failed: CheckFailure) -> CheckFailure:
        # Three checks take the key away; what they see then is one fault.
        header = failed.cause.word.lower().removeprefix("header ")
        if failed.check in _WITHOUT_HEADER and header == self.key_header.lower():
            return replace(failed, check="ignored_auth", cause=replace(failed.cause, word="no_auth", title=NO_KEY))
        if failed.check == "ignored_auth":
            return replace(failed, cause=replace(failed.cause, title=NO_KEY))
        return failed

    def _is_known(self, operation: str, failed: CheckFailure, findings: Findings) -> bool:
        # A body with several faults that is accepted shows nothing new if one of them is accepted alone.
        if not failed.cause.also:
            return False
        causes = (failed.cause, *failed.cause.also)
        return any(self._finding(operation, replace(failed, cause=cause)) in findings for cause in causes)

    def _finding(self, operation: str, failed: CheckFailure) -> Finding:
        severity: Severity = "warning" if failed.check in _VISIBLE else "error"
        if failed.cause.is_exact_status and not self.is_strict:
            severity = "info"
        return Finding(
            kind="fuzz",
            check=failed.check,
            operation=operation,
            pointer=failed.cause.pointer,
            cause=failed.cause.word,
            severity=severity,
            title=failed.cause.title,
            expected=failed.cause.expected,
            actual=failed.cause.actual,
            request=failed.request,
            response=failed.response,
        )


def _explainer(name: str, status: int) -> str:
    is_redirect = name == "status_code_conformance" and 300 <= status < 400
    return _REDIRECT if is_redirect else name


def _is_explained(name: str, checks: set[str]) -> bool:
    return any(
        check != name and check in checks and (explained is None or name in explained)
        for check, explained in _EXPLAINS.items()
    )
