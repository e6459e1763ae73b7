"""Triage: an exchange becomes findings, one for each cause.

Rule 1: a failure that follows from another of the same response is not reported again.
Rule 2: the exact 4xx of a refusal counts on the mock only; elsewhere it is an `info`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mockserver_contracts.checks.every_exchange import REFUSAL_BODY, check_error_body, unanswered_request
from mockserver_contracts.corpus.entry import Expected, NearMiss
from mockserver_contracts.document.body_violations import SYNTAX, BodyViolationsOf
from mockserver_contracts.document.operations import CHECKOUT, TOPUP
from mockserver_contracts.fuzz.cause import forbidden
from mockserver_contracts.fuzz.open_questions import LEAST_TOP_UP, asks_for_a_page, may_be_accepted, may_be_refused
from mockserver_contracts.fuzz.schemathesis_checks import CheckFailure
from mockserver_contracts.fuzz.second_opinion import SecondOpinion
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.finding import Finding, Findings, Severity

NO_KEY: Final = "A request without a valid key is served"
NOT_REFUSED: Final = "near_miss_refused"
NOT_ACCEPTED: Final = "near_miss_accepted"
_TITLES: Final[Mapping[str, str]] = {
    NOT_REFUSED: "What is nearly right has to be refused",
    NOT_ACCEPTED: "What only looks wrong has to be accepted",
}
# The network also decides how long an answer takes.
_VISIBLE: Final = frozenset({"max_response_time"})
_ABOUT_BODIES: Final = frozenset({"content_type_conformance", "response_schema_conformance"})
# Those of RFC 9110 and 5789. Another one is not implemented by most servers, and 501 is its status (RFC 9110, 9.1).
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"})
_NOT_IMPLEMENTED: Final = 501
_BODILESS: Final = frozenset({204, 304})
_WITHOUT_HEADER: Final = frozenset({"missing_required_header", "negative_data_rejection"})
_REDIRECT: Final = "undocumented redirect"
# The check on the left explains the failures of those on the right, on the same response.
_EXPLAINS: Final[Mapping[str, frozenset[str] | None]] = {
    "not_a_server_error": None,
    # If a request that must be refused is served, its body is not judged.
    "ignored_auth": frozenset({"response_schema_conformance"}),
    "negative_data_rejection": frozenset({"response_schema_conformance"}),
    _REDIRECT: frozenset({"positive_data_acceptance", "negative_data_rejection", "ignored_auth"}),
    REFUSAL_BODY: frozenset({"content_type_conformance", "response_schema_conformance"}),
    # An HTML page in place of JSON accepts nothing, protects nothing and has no fields.
    "content_type_conformance": None,
}


@dataclass(frozen=True, slots=True)
class Triage:
    """Turns exchanges into findings."""

    # Exact statuses count.
    is_strict: bool
    # The limits of the parser count.
    holds_limits: bool
    has_error_body: bool
    key_header: str
    # The violations of the contract in a body, for an operation's path and method.
    violations_of: BodyViolationsOf
    # The mock's opinion, for a document that is not VideoDB's.
    opinion: SecondOpinion | None = None
    # The smallest order that the target takes.
    least_dollars: int = 1
    # Their consequences are not reported again.
    violated_claims: frozenset[str] = frozenset()

    def add(self, exchange: CorpusExchange, failures: Iterable[CheckFailure], findings: Findings) -> None:
        """Add the findings of the exchange."""
        operation = exchange.entry.operation
        if exchange.no_response is not None:
            findings.add(unanswered_request(operation, exchange))
            return
        if not self.is_strict and _is_unknown_method(exchange):
            return
        if self.opinion is not None:
            failures = [each for each in failures if not self.opinion.excuses(exchange, each)]
        one_by_one = [self._merged(each) for each in failures if not self._is_open(exchange, each)]
        checks = {_explainer(each.check, each.response.status) for each in one_by_one}
        if self.has_error_body:
            for finding in check_error_body(operation, exchange):
                checks.add(finding.check)
                findings.add(finding)
        for each in one_by_one:
            if not _is_explained(each.check, checks) and not self._is_known(operation, each, findings):
                findings.add(self._finding(operation, each))
        is_agreed = self.opinion is not None and self.opinion.agrees(exchange)
        if exchange.entry.miss is not None and not checks and not is_agreed:
            self._add_near_miss(exchange, exchange.entry.miss, findings)

    def _add_near_miss(self, exchange: CorpusExchange, miss: NearMiss, findings: Findings) -> None:
        expected, status = exchange.entry.expected, exchange.response.status
        must_refuse = expected is Expected.REFUSED or (expected is Expected.REFUSED_BY_LIMIT and self.holds_limits)
        if must_refuse and exchange.is_accepted:
            if miss.claim not in self.violated_claims:
                self._add_accepted(exchange, miss, findings)
        elif must_refuse and exchange.is_refused and status != miss.status:
            severity: Severity = "error" if self.is_strict else "info"
            finding = self._missed(exchange, NOT_REFUSED, f"{status} for {miss.status}", str(miss.status))
            findings.add(replace(finding, severity=severity))
        elif exchange.is_refused and not self.is_strict and self._is_unusual(exchange):
            return
        elif expected is Expected.ACCEPTED and not exchange.is_accepted:
            findings.add(self._missed(exchange, NOT_ACCEPTED, miss.cause, "200"))
        elif not exchange.is_accepted and not exchange.is_refused:
            cause = f"{status} {miss.cause}"
            findings.add(self._missed(exchange, NOT_REFUSED, cause, "an answer of the 2xx or 4xx family"))

    def _add_accepted(self, exchange: CorpusExchange, miss: NearMiss, findings: Findings) -> None:
        # Schemathesis finds violations of the schema too: both come to one finding.
        path, method = exchange.entry.path, exchange.entry.method
        violations = self.violations_of(path, method, exchange.request.body)
        if not violations or violations == SYNTAX:
            findings.add(self._missed(exchange, NOT_REFUSED, miss.cause, "a refusal (4xx)"))
            return
        cause = forbidden(violations, exchange.status)
        failed = CheckFailure("negative_data_rejection", cause, exchange.request, exchange.response)
        if not self._is_known(exchange.entry.operation, failed, findings):
            findings.add(self._finding(exchange.entry.operation, failed))

    def _missed(self, exchange: CorpusExchange, check: str, cause: str, expected: str) -> Finding:
        return Finding(
            kind="fuzz",
            check=check,
            operation=exchange.entry.operation,
            pointer="",
            cause=cause,
            severity="error",
            title=f"{_TITLES[check]}: {cause}",
            expected=expected,
            actual=exchange.summary,
            request=exchange.request,
            response=exchange.response,
        )

    def _is_open(self, exchange: CorpusExchange, failed: CheckFailure) -> bool:
        # An answer without a body has no type and no fields, whatever the document declares.
        if failed.check in _ABOUT_BODIES and exchange.response.status in _BODILESS:
            return True
        # Schemathesis goes by the schema alone: a right server may refuse some of its requests.
        if failed.check != "positive_data_acceptance" or not exchange.is_refused:
            return False
        # And the resource of an id in a path need not exist.
        is_not_there = exchange.response.status == 404 and "{" in exchange.entry.operation
        is_unusual = not self.is_strict and (self._is_unusual(exchange) or asks_for_a_page(exchange.entry.target))
        return is_not_there or is_unusual or exchange.entry.expected is not Expected.ACCEPTED

    def _is_unusual(self, exchange: CorpusExchange) -> bool:
        is_top_up = exchange.entry.path == TOPUP
        least = max(self.least_dollars, LEAST_TOP_UP) if is_top_up else self.least_dollars
        return may_be_refused(exchange.request.body, least=least)

    def _merged(self, failed: CheckFailure) -> CheckFailure:
        # Three checks take the key away; they all see the same fault.
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

    def _severity(self, operation: str, failed: CheckFailure) -> Severity:
        if failed.check in _VISIBLE:
            return "warning"
        if self.is_strict:
            return "error"
        cause, status = failed.cause, failed.response.status
        is_refusal = failed.check == "ignored_auth" and 400 <= status < 500
        if cause.is_exact_status or is_refusal or may_be_accepted(cause.pointer, cause.word, failed.request.body):
            return "info"
        # VideoDB's document describes the operations beside the checkout, and the page does not.
        is_beside = self.has_error_body and not operation.endswith(f" {CHECKOUT}")
        return "warning" if is_beside and failed.check == "positive_data_acceptance" else "error"

    def _finding(self, operation: str, failed: CheckFailure) -> Finding:
        return Finding(
            kind="fuzz",
            check=failed.check,
            operation=operation,
            pointer=failed.cause.pointer,
            cause=failed.cause.word,
            severity=self._severity(operation, failed),
            title=failed.cause.title,
            expected=failed.cause.expected,
            actual=failed.cause.actual,
            request=failed.request,
            response=failed.response,
        )


def _is_unknown_method(exchange: CorpusExchange) -> bool:
    """The server does not know the method of the request, and says so."""
    return exchange.request.method not in _METHODS and exchange.response.status == _NOT_IMPLEMENTED


def _explainer(name: str, status: int) -> str:
    is_redirect = name == "status_code_conformance" and 300 <= status < 400
    return _REDIRECT if is_redirect else name


def _is_explained(name: str, checks: set[str]) -> bool:
    return any(
        check != name and check in checks and (explained is None or name in explained)
        for check, explained in _EXPLAINS.items()
    )
