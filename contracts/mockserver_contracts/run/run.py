"""A run: every profile's contract held to its target, told as events.

Rule 1: a run always ends with Finished, whatever the target does, and whoever interrupts it.
Rule 2: what has been found when it ends is told.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Final

from mockserver_contracts.checks.runner import left, verdicts
from mockserver_contracts.results.events import (
    ClaimDecided,
    FindingReported,
    RunEvent,
    RunFailure,
    RunFinished,
    RunNote,
    RunStarted,
)
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.run.claims_phase import decided
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.plan import Order, Subject
from mockserver_contracts.run.reporting import outcome
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.target import TargetFailed, plan

# A target has to make as many, and more where more is asked for: `--max-examples 500` makes thousands.
_CREATES: Final = 160
_CREATES_FOR_AN_EXAMPLE: Final = 8
_INTERRUPTED: Final = RunFailure("interrupted", "interrupted by the user")
_UNTESTED: Final = "the target could not be tested"


def check(order: Order) -> Generator[RunEvent, None, None]:
    """Run the order; the last event is Finished.

    Whoever reads the events may throw KeyboardInterrupt into them: the run then ends with what it knows.
    """
    began = time.monotonic()
    deadline = None if order.time_budget is None else began + order.time_budget
    results = RunResults()
    try:
        yield RunStarted(order.name, ", ".join(subject.profile for subject in order.subjects), order.seed)
        for number, subject in enumerate(order.subjects):
            if not results.is_over:
                yield from _one(subject, order, results, deadline=deadline, is_first=number == 0)
    except KeyboardInterrupt:
        results.failure = _INTERRUPTED
    _leave_nothing_out(order, results)
    judged = list(verdicts(order.claims or (), results.decided))
    for claim in judged:
        yield ClaimDecided(claim)
    told = tuple(outcome(order, results, kinds=order.looks_for))
    yield from told
    found = (event.finding for event in told if isinstance(event, FindingReported))
    yield RunFinished(
        exit_code=exit_code(found, judged, failure=results.failure, fail_on=order.fails_on),
        requests_sent=results.requests_sent,
        duration=time.monotonic() - began,
        failure=results.failure,
        stopped=results.stopped,
    )


def _one(
    subject: Subject, order: Order, results: RunResults, *, deadline: float | None, is_first: bool
) -> Iterator[RunEvent]:
    try:
        target = subject.open()
    except TargetFailed as error:
        results.failure = error.failure
        return
    for sentence in plan(target):
        yield RunNote(sentence)
    creates = max(_CREATES, _CREATES_FOR_AN_EXAMPLE * order.max_examples)
    context = RunContext(subject, order, target, results, deadline, creates, is_first)
    failure: RunFailure | None = None
    try:
        if subject.mock is not None:
            # Here and not above: whoever checks alone compares nothing.
            from mockserver_contracts.run.drift_phase import drifted

            failure = yield from drifted(context, subject.mock())
        elif subject.is_videodb and (order.claims is not None or order.rules):
            failure = yield from decided(context)
        elif order.claims is not None:
            results.note(left(order.claims, order.promised(subject), "not implemented by the target"))
        if subject.mock is None and order.fuzz and failure is None and not context.gate.is_shut:
            # Here and not above: whoever decides claims alone does not wait for Schemathesis.
            from mockserver_contracts.run.fuzz_phase import fuzzed

            failure = yield from fuzzed(context)
    except KeyboardInterrupt:
        failure = _INTERRUPTED
    finally:
        context.close()
        results.requests_sent += context.requests_sent
        results.stopped = context.gate.stopped
        results.failure = context.gate.failure or failure
        results.keep(context.findings, subject.profile, target.key)


def _leave_nothing_out(order: Order, results: RunResults) -> None:
    """Note each claim that was not reached, for each subject that promises it."""
    reason = "time budget" if results.failure is None else _UNTESTED
    for number, subject in enumerate(order.subjects):
        reached = {claim for claim, of_subjects in results.decided.items() if len(of_subjects) > number}
        missed = [claim for claim in order.claims or () if claim.id not in reached]
        results.note(left(missed, order.promised(subject), reason))
