"""A run: the contract of every profile held to its target, reported as events.

Rule 1: a run always ends with RunFinished, whatever the target does and whenever it is interrupted.
Rule 2: a run that ends early reports the findings so far.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Final

from mockserver.coverage.report.merge import merge_reports
from mockserver_contracts.checks.context import operation_of
from mockserver_contracts.checks.every_exchange import deadly_request
from mockserver_contracts.checks.verdicts import merge_verdicts, undecided_results
from mockserver_contracts.results.events import (
    CheckFailed,
    ClaimDecided,
    CoverageMeasured,
    FindingReported,
    RunEvent,
    RunFailure,
    RunFinished,
    RunNote,
    RunStarted,
)
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.results.failed_check import describe
from mockserver_contracts.run.claims_phase import run_claims
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.reporting import report_findings
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.target import TargetUnreachable

# A target creates at least as many sessions, and more with more examples: `--max-examples 500` makes thousands.
_CREATES: Final = 150
_CREATES_FOR_AN_EXAMPLE: Final = 7
_INTERRUPTED: Final = RunFailure("interrupted", "interrupted by the user")
_UNTESTED: Final = "the target could not be tested"


def run_plan(plan: RunPlan) -> Generator[RunEvent, None, None]:
    """Run the plan; the last event is RunFinished.

    The reader of the events may throw KeyboardInterrupt into the generator: the run then ends with what it has.
    """
    began = time.monotonic()
    deadline = None if plan.time_budget is None else began + plan.time_budget
    results = RunResults()
    try:
        profiles = ", ".join(subject.profile for subject in plan.subjects)
        yield RunStarted(plan.name, profiles, plan.seed, is_strict=plan.strict, command=plan.named or plan.command)
        for number, subject in enumerate(plan.subjects):
            if not results.is_over:
                yield from _run_subject(subject, plan, results, deadline=deadline, is_first=number == 0)
    except KeyboardInterrupt:
        results.failure = _INTERRUPTED
    _add_unreached_claims(plan, results)
    claims = list(merge_verdicts(plan.claims or (), results.claims))
    for claim in claims:
        yield ClaimDecided(claim)
    for name, reason in results.failed_checks.reasons.items():
        yield CheckFailed(name, reason)
    if plan.counts_coverage:
        yield CoverageMeasured(merge_reports(results.coverage))
    reported = tuple(report_findings(plan, results))
    yield from reported
    findings = (event.finding for event in reported if isinstance(event, FindingReported))
    yield RunFinished(
        exit_code=exit_code(
            findings, claims, failure=results.end, is_incomplete=results.stopped is not None, fail_on=plan.fails_on
        ),
        requests_sent=results.requests_sent,
        duration=time.monotonic() - began,
        failure=results.end,
        stopped=results.stopped,
    )


def _run_subject(
    subject: Subject, plan: RunPlan, results: RunResults, *, deadline: float | None, is_first: bool
) -> Iterator[RunEvent]:
    try:
        target = subject.open()
    except TargetUnreachable as error:
        results.failure = error.failure
        return
    except Exception as error:
        results.failed_checks.add("the start of the run", describe(error))
        return
    results.address = target.address
    for sentence in target.rails:
        yield RunNote(sentence)
    if target.is_mock and not target.is_in_process and not plan.strict:
        yield RunNote("The target is a mock, so exact statuses count, as with --strict.")
    creates = max(_CREATES, _CREATES_FOR_AN_EXAMPLE * plan.max_examples)
    context = RunContext(subject, plan, target, results, deadline, creates, is_first)
    failure: RunFailure | None = None
    try:
        with results.failed_checks.guard("the run"):
            failure = yield from _run_phases(context)
    except KeyboardInterrupt:
        failure = _INTERRUPTED
    finally:
        if (last := context.gate.last_words) is not None:
            context.findings.add(deadly_request(operation_of(last.request, target.url), last))
        context.close()
        if context.coverage is not None:
            results.coverage.append(context.coverage.report())
        results.requests_sent += context.requests_sent
        results.stopped = context.gate.stopped
        results.failure = context.gate.failure or failure
        results.add_findings(context.findings, subject.profile, target.url, target.key)


def _run_phases(context: RunContext) -> Generator[RunEvent, None, RunFailure | None]:
    subject, plan = context.subject, context.plan
    if subject.mock is not None:
        # Imported here: a check compares nothing.
        from mockserver_contracts.run.drift_phase import run_drift

        return (yield from run_drift(context, subject.mock()))
    failure: RunFailure | None = None
    if subject.is_videodb and (plan.claims is not None or plan.rules):
        failure = yield from run_claims(context)
    elif plan.claims is not None:
        context.results.add_claims(
            undecided_results(plan.claims, plan.promised(subject), "not implemented by the target")
        )
    if plan.fuzz and failure is None and not context.gate.is_closed:
        # Imported here: a run that decides claims alone does not wait for Schemathesis.
        from mockserver_contracts.run.fuzz_phase import run_fuzz

        failure = yield from run_fuzz(context)
    return failure


def _add_unreached_claims(plan: RunPlan, results: RunResults) -> None:
    """Every claim that was not reached is undecided, for each subject."""
    reason = "time budget" if results.failure is None else _UNTESTED
    for number, subject in enumerate(plan.subjects):
        reached = {claim for claim, of_subjects in results.claims.items() if len(of_subjects) > number}
        missed = [claim for claim in plan.claims or () if claim.id not in reached]
        results.add_claims(undecided_results(missed, plan.promised(subject), reason))
