"""The drift phase: the target and the mock get the same requests, each twice, and their answers are compared."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.credentials import Credentials
from mockserver_contracts.document.free_form import FreeForm, free_form_objects
from mockserver_contracts.drift.difference import Difference, diff
from mockserver_contracts.drift.grouping import group_findings
from mockserver_contracts.drift.noise import find_noise, is_steady, remove_noise
from mockserver_contracts.drift.normalize import NO_FREE_FORM, NormalizedResponse, normalize
from mockserver_contracts.drift.side import Side, Step
from mockserver_contracts.drift.trace import TOLERATED, common_steps, run_trace
from mockserver_contracts.replay.replay import CorpusExchange, Replay
from mockserver_contracts.results.events import RunEvent, RunFailure
from mockserver_contracts.results.finding import DRIFT_OF_TRACE, DRIFT_PREFIX, Finding, Findings, Severity
from mockserver_contracts.run.claims_phase import run_claims
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.corpus_phase import begin_corpus
from mockserver_contracts.run.observations import ExchangesCompared, TargetOpened, TraceRecorded
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.abilities import Ability, probe_account
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.target import Target

_TIMES: Final = 2
_CREATES: Final = 160
REFUSALS: Final = "any refusal"
"""The operation of a difference between refusals, whatever was refused."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference between two answers to one request."""

    operation: str
    difference: Difference
    exchange: CorpusExchange
    mock: CorpusExchange

    def finding(self) -> Finding:
        """The difference as a finding."""
        difference = self.difference
        is_refusal = self.exchange.is_refused and difference.aspect not in ("verdict", "header")
        return Finding(
            kind="drift",
            check=f"{DRIFT_PREFIX}{difference.aspect.replace(' ', '-')}",
            operation=REFUSALS if is_refusal else self.operation,
            pointer=difference.pointer,
            cause=difference.cause,
            severity=difference.severity,
            title=difference.title,
            expected=difference.mock,
            actual=difference.target,
            request=self.exchange.request,
            response=None if self.exchange.no_response else self.exchange.response,
            mock_response=None if self.mock.no_response else self.mock.response,
        )


def run_drift(context: RunContext, mock_target: Target) -> Generator[RunEvent, None, RunFailure | None]:
    """Send claims, rules, trace and corpus to both; return the reason if the target could not be tested."""
    yield TargetOpened(context.target)
    # The mock has a control API of its own, and an account for every key.
    plan = replace(context.plan, control=None, second_key=None, counts_coverage=False)
    beside = RunContext(context.subject, plan, mock_target, RunResults(), None, _CREATES, context.is_first)
    with closing(beside) as mock:
        failure = None
        if context.subject.is_videodb:
            failure = yield from _compare_claims(context, mock)
            if failure is None and not context.gate.is_closed:
                with context.results.failed_checks.guard("drift of the trace"):
                    yield from _compare_traces(context, mock)
        if context.plan.fuzz and failure is None and not context.gate.is_closed:
            failure = yield from _compare_corpus(context, mock)
        ungrouped, context.findings = context.findings, Findings()
        for finding in group_findings(ungrouped.sorted()):
            context.findings.add(finding)
        return failure


def _compare_claims(context: RunContext, mock: RunContext) -> Generator[RunEvent, None, RunFailure | None]:
    """Add the findings that the checks have of the target alone."""
    for each in (context, mock):
        each.plan = replace(each.plan, rules=each.plan.rules and not context.target.on_rails)
    failure = yield from run_claims(context)
    for _ in run_claims(mock):
        pass
    known = {finding.id for finding in mock.findings.sorted()}
    of_target, context.findings = context.findings, Findings()
    for finding in of_target.sorted():
        if finding.id not in known and finding.severity != "info":
            context.findings.add(replace(finding, kind="drift", title=f"The target alone breaks it: {finding.title}"))
    return failure


def _compare_corpus(context: RunContext, mock: RunContext) -> Generator[RunEvent, None, RunFailure | None]:
    subject = context.subject
    corpus = yield from begin_corpus(context, times=_TIMES, tolerates_missing=subject.is_videodb)
    if corpus is None:
        return None
    loop, there = corpus.loop, corpus.replay
    violations, free_form = BodyViolations(subject.document), free_form_objects(subject.document)
    credentials = Credentials(subject.document)
    with closing(corpus), closing(Replay(mock.gate, key=mock.target.key.value, credentials=credentials)) as here:
        for number, entry in enumerate(loop):
            # In lockstep: both servers remember the same requests.
            (mine, first), (mine_again, again) = [(here.send(entry), there.send(entry)) for _ in range(_TIMES)]
            if mine is None or first is None or mine_again is None or again is None:
                continue
            yield ExchangesCompared(mine, first)
            is_missing = loop.follow(first, again)
            request = "any request" if is_missing else _describe_request(first, violations)
            with context.results.failed_checks.guard(f"drift of {entry.operation}"):
                for one in _differences(mine, mine_again, first, again, request=request, free_form=free_form):
                    # A missing operation is one difference, whatever else is sent to it.
                    if not is_missing or entry.expected is Expected.ACCEPTED:
                        context.findings.add(one.finding())
            if number % 10 == 0:
                yield context.progress("corpus")
        for finding in loop.findings():
            context.findings.add(replace(finding, kind="drift"))
    return corpus.failure()


def _differences(
    mine: CorpusExchange,
    mine_again: CorpusExchange,
    first: CorpusExchange,
    again: CorpusExchange,
    *,
    request: str,
    free_form: Mapping[str, FreeForm],
) -> Iterator[Comparison]:
    here, here_again, there, there_again = (_normalize(each, free_form) for each in (mine, mine_again, first, again))
    if not is_steady(here, here_again) or not is_steady(there, there_again):
        # A server that does not repeat its verdict shows no drift.
        return
    noise = find_noise(here, here_again) | find_noise(there, there_again)
    for one in diff(remove_noise(here, noise), remove_noise(there, noise), request=request):
        yield Comparison(first.entry.operation, one, first, mine)


def _normalize(exchange: CorpusExchange, free_form: Mapping[str, FreeForm]) -> NormalizedResponse:
    response = normalize(
        None if exchange.no_response is not None else exchange.response,
        free_form=free_form.get(exchange.entry.operation, NO_FREE_FORM),
    )
    if exchange.entry.method == "GET" and response.outcome == "accepted":
        # The words of a list depend on the account: the trace compares those of sessions that it knows.
        flags = {
            place: words for place, words in response.words.items() if words <= {"true", "false"} and "/0" not in place
        }
        return replace(response, words=flags, prose={})
    return response


def _describe_request(exchange: CorpusExchange, violations: BodyViolations) -> str:
    """The kind of the request in a few words, the same for all requests of the kind."""
    entry = exchange.entry
    if entry.miss is not None:
        return entry.miss.cause
    if not entry.is_declared:
        return f"the undeclared method {entry.method}"
    has_body = entry.body or entry.method == "POST"
    faults = violations.of(entry.path, entry.method, exchange.request.body) if has_body else ()
    if faults:
        where, word = faults[0]
        return f"{word} at {where or 'the body'}"
    data = (entry.case or {}).get("meta", {}).get("phase", {}).get("data", {})
    if entry.expected is not Expected.ACCEPTED and data.get("parameter"):
        return f"an unusual {data['parameter']}"
    return "a valid request" if entry.expected is Expected.ACCEPTED else "an unusual request"


def _compare_traces(context: RunContext, mock: RunContext) -> Iterator[RunEvent]:
    # Both get the same steps.
    mock.client.on_rails = context.client.on_rails
    there = [_side(context, number) for number in range(_TIMES)]
    has = there[0].abilities
    here = [_side(mock, number, has=has, on_rails=context.target.on_rails) for number in range(_TIMES)]
    first, again = (run_trace(side) for side in there)
    mine, _ = (run_trace(side) for side in here)
    yield TraceRecorded(first)
    for step, other in common_steps(mine, first):
        repeated = again.get(step.name)
        for fact, expected in step.facts.items():
            actual = other.facts.get(fact)
            is_known = actual is not None and "unknown" not in (expected, actual)
            is_noise = repeated is not None and repeated.facts.get(fact) != actual
            if is_known and not is_noise and expected != actual:
                context.findings.add(_fact(step, other, fact, expected, str(actual)))
    yield context.progress("trace")


def _fact(step: Step, other: Step, fact: str, expected: str, actual: str) -> Finding:
    severity: Severity = "info" if step.name in TOLERATED else "warning" if fact == "status" else "error"
    return Finding(
        kind="drift",
        check=DRIFT_OF_TRACE,
        operation=step.name,
        pointer="",
        cause=f"{fact}: {expected} here, {actual} there",
        severity=severity,
        title=f"{step.name.capitalize()}: {fact.replace('_', ' ')} {actual} for {expected}",
        expected=expected,
        actual=actual,
        request=other.answer.request,
        response=other.answer.response,
        mock_response=step.answer.response,
    )


def _side(context: RunContext, number: int, *, has: frozenset[Ability] | None = None, on_rails: bool = False) -> Side:
    target = context.target
    numbers = count()

    def account() -> AccountClient:
        # Each part gets an account of its own, if the target opens accounts for every key.
        key = f"{target.key.value}-trace-{number}-{next(numbers)}" if target.opens_accounts else target.key.value
        return AccountClient(context.client, key)

    accounts: Callable[[], AccountClient] = account
    return Side(accounts, probe_account(account()).abilities if has is None else has, on_rails or target.on_rails)
