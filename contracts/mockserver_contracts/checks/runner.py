"""The runner of the checks on one target."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.context import CheckContext, TargetUnderTest, operation_of
from mockserver_contracts.checks.every_exchange import (
    check_error_body,
    failed_control,
    server_error,
    unanswered_request,
)
from mockserver_contracts.checks.registry import Check
from mockserver_contracts.checks.verdicts import NOT_IMPLEMENTED, CheckResult
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.failed_check import describe
from mockserver_contracts.results.finding import Finding, Findings
from mockserver_contracts.results.verdict import Verdict
from mockserver_contracts.target.abilities import CONTROLS, Ability
from mockserver_contracts.target.undecided import Undecided

# Not those with which a server says that it lacks the operation, or is away.
_SERVER_ERRORS: Final = frozenset({500, *range(505, 600)})
# The refusal of an undeclared method counts for the path's operation.
# Some libraries refuse such a path before the server sees the request (RFC 3986, 2.1).
_NO_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_DECLARED: Final = {
    CHECKOUT: "POST",
    CHECKOUTS: "GET",
    USAGE: "GET",
    INVOICES: "GET",
    TOPUP: "POST",
    AUTO_RECHARGE: "POST",
}


class CheckRunner:
    """Runs the checks on one target."""

    def __init__(self, target: TargetUnderTest) -> None:
        self._target = target
        self._claims, self._rules = all_checks()

    def run_claim(self, claim: Claim, *, is_promised: bool) -> CheckResult:
        """Decide a claim. A violated claim that is not promised yields no findings."""
        check = self._claims.get(claim.id)
        if check is None:
            return CheckResult(claim.id, "undecided", NOT_IMPLEMENTED, (), is_finished=False)
        result = self._run(check, CheckContext(claim.id, "claim", self._target, claim.text))
        return result if is_promised else replace(result, findings=(), repeated=frozenset())

    def run_rules(self, names: Collection[str] | None, *, is_first: bool) -> Iterator[CheckResult]:
        """Check the rules one by one, of these names only if some are given.

        After the first profile of a run, only those are checked that depend on the profile.
        """
        for check in self._rules.values():
            if (is_first or not check.once) and (names is None or check.name in names):
                yield self._run(check, CheckContext(check.name, "fuzz", self._target, check.sentence))

    def check_exchanges(self) -> Iterator[Finding]:
        """Check every exchange so far: the bodies of refusals, and requests without an answer."""
        client = self._target.client
        for answer in client.exchanges:
            path = answer.request.path_below(client.url)
            if path in _DECLARED:
                yield from check_error_body(f"{_DECLARED[path]} {path}", answer)
            elif answer.is_refused and answer.at("success") is True:
                yield from check_error_body(operation_of(answer.request, client.url), answer)
            elif path.startswith("/billing") and not _NO_ESCAPE.search(path):
                yield from check_error_body("an unknown path", answer)
        for answer in client.exchanges:
            if answer.status in _SERVER_ERRORS and answer.request.path_below(client.url).startswith("/billing"):
                yield server_error(operation_of(answer.request, client.url), answer)
        for exchange in client.control_failures if CONTROLS & self._target.abilities else ():
            yield failed_control(operation_of(exchange.request, client.url), exchange)
        for exchange in client.without_response:
            yield unanswered_request(operation_of(exchange.request, client.url), exchange)

    def _run(self, check: Check, context: CheckContext) -> CheckResult:
        missing = [ability for ability in Ability if ability in check.needs - self._target.abilities]
        if missing:
            return CheckResult(check.name, "undecided", missing[0].reason, (), is_finished=False)
        self._target.client.trail.clear()
        findings = Findings()
        operations: set[str] = set()
        repeated: set[str] = set()
        verdict: Verdict = "upheld"
        reason = failure = ""
        try:
            for finding in check.body(context):
                # One finding for each operation is enough to show that a claim is violated.
                if context.kind == "fuzz" or finding.operation not in operations:
                    findings.add(finding)
                else:
                    repeated.add(finding.id)
                operations.add(finding.operation)
        except Undecided as undecided:
            verdict, reason = "undecided", str(undecided)
        except Exception as error:
            reason = failure = describe(error)
            verdict = "failed"
        is_finished = verdict == "upheld"
        if any(finding.severity == "error" for finding in findings.sorted()):
            verdict, reason = "violated", ""
        return CheckResult(check.name, verdict, reason, findings.sorted(), failure, is_finished, frozenset(repeated))
