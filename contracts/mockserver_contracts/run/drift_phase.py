"""The part of a run that asks a target and the mock the same, each twice, and tells where they part ways."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from mockserver_contracts.checks import replies, requests
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.runner import abilities_of
from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.corpus.storage import is_stored, load_or_generate
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.free_form import maps_in
from mockserver_contracts.drift.difference import Difference, differences
from mockserver_contracts.drift.grouping import grouped
from mockserver_contracts.drift.noise import is_steady, unrepeated, without
from mockserver_contracts.drift.normalize import NormalizedResponse, canonical
from mockserver_contracts.drift.side import Side, Step
from mockserver_contracts.drift.trace import shared, trace
from mockserver_contracts.replay.availability import Availability
from mockserver_contracts.replay.missing_operations import MissingOperations
from mockserver_contracts.replay.replay import Exchange, Replay
from mockserver_contracts.replay.selection import allowed
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.finding import Event, Finding, Findings, RunFailure, RunNote, Severity
from mockserver_contracts.run.claims_phase import decided
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.target import Target

_TIMES: Final = 2
_CREATES: Final = 160
REFUSALS: Final = "any refusal"
"""The operation of what differs in refusals, whoever refuses."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two answers to one request came to."""

    operation: str
    difference: Difference
    exchange: Exchange
    mock: Exchange

    def finding(self) -> Finding:
        """The difference as a finding."""
        one = self.difference
        is_refusal = self.exchange.is_refused and one.kind not in ("verdict", "header")
        return Finding(
            kind="drift",
            check=f"drift-{one.kind.replace(' ', '-')}",
            operation=REFUSALS if is_refusal else self.operation,
            pointer=one.pointer,
            cause=one.cause,
            severity=one.severity,
            title=one.title,
            expected=one.mock,
            actual=one.target,
            request=self.exchange.request,
            response=None if self.exchange.unanswered else self.exchange.response,
            mock_response=None if self.mock.unanswered else self.mock.response,
        )


def drifted(context: RunContext, mock_target: Target) -> Generator[Event, None, RunFailure | None]:
    """Claims, rules, trace and corpus, to both; the result is why the target could not be tested."""
    # The mock has a control API of its own, and an account for every key.
    order = replace(context.order, control=None, second_key=None)
    with closing(
        RunContext(context.subject, order, mock_target, RunResults(), None, _CREATES, context.is_first)
    ) as mock:
        failure = None
        if context.subject.notes is not None:
            context.subject.notes.target = context.target
        if context.subject.is_videodb:
            failure = yield from _decided(context, mock)
            if failure is None and not context.gate.is_shut:
                for finding in _traced(context, mock):
                    context.findings.add(finding)
                yield context.progress("trace")
        if failure is None and not context.gate.is_shut:
            failure = yield from _compared(context, mock)
        found, context.findings = context.findings, Findings()
        for finding in grouped(found.sorted()):
            context.findings.add(finding)
        return failure


def _decided(context: RunContext, mock: RunContext) -> Generator[Event, None, RunFailure | None]:
    """What checks find in the target and not in the mock; of claims about single answers the corpus tells more."""
    for one in (context, mock):
        one.order = replace(one.order, rules=not context.target.on_rails)
    failure = yield from decided(context)
    for _ in decided(mock):
        pass
    known = {finding.id for finding in mock.findings.sorted()}
    of_target, context.findings = context.findings, Findings()
    for finding in of_target.sorted():
        if finding.id not in known and finding.severity == "error" and _is_of_state(finding.check):
            context.findings.add(replace(finding, kind="drift", title=f"The target alone breaks it: {finding.title}"))
    return failure


def _is_of_state(check: str) -> bool:
    claims, rules = all_checks()
    known = claims.get(check) or rules.get(check)
    # What a single request and its answer show is for the corpus to compare.
    return known is not None and known.body.__module__ not in (replies.__name__, requests.__name__)


def _compared(context: RunContext, mock: RunContext) -> Generator[Event, None, RunFailure | None]:
    subject, order = context.subject, context.order
    wanted = {"seed": order.seed, "max_examples": order.max_examples}
    if not is_stored(subject.document, **wanted):
        yield RunNote(f"Making the requests of seed {order.seed}, once; they are kept for the next run.")
    corpus = load_or_generate(subject.document, **wanted, key_header=subject.key_header, deadline=context.deadline)
    if corpus is None:
        context.gate.stop("the time budget is spent")
        return None
    entries = allowed(corpus, context.target, context.gate, times=_TIMES)
    if order.origins is not None:
        entries = tuple(entry for entry in entries if entry.origin in order.origins)
    siblings = MissingOperations(entries) if subject.is_videodb else MissingOperations(())
    watch = Availability(frozenset(entry.operation for entry in entries if entry.expected is Expected.ACCEPTED))
    faults, maps = BodyViolations(subject.document), maps_in(subject.document)
    with (
        closing(Replay(context.gate, url=context.target.url, key=context.target.key.value)) as there,
        closing(Replay(mock.gate, url=mock.target.url, key=mock.target.key.value)) as here,
    ):
        leftovers = SideEffects(context.account, there) if subject.is_videodb and not context.target.on_rails else None
        if leftovers is not None:
            leftovers.begin()
        for number, entry in enumerate(siblings.in_order(entries)):
            if context.gate.is_shut:
                break
            # In lockstep: what one of them remembers, the other does.
            asked = [(here.exchange(entry), there.exchange(entry)) for _ in range(_TIMES)]
            (mine, first), (mine_again, again) = asked
            if mine is None or first is None or mine_again is None or again is None:
                continue
            if first.unanswered is None:
                watch.note(first)
            if subject.notes is not None:
                subject.notes.pairs.append((mine, first))
            if leftovers is not None:
                leftovers.note(first)
                leftovers.note(again)
            is_absent = siblings.is_absent(first)
            request = "any request" if is_absent else _request_of(first, faults)
            for one in _differences(mine, mine_again, first, again, request=request, maps=maps):
                # Of an operation that is not there, that is all there is to say.
                if not is_absent or entry.expected is Expected.ACCEPTED:
                    context.findings.add(one.finding())
            if (failure := watch.outage(context.gate)) is not None:
                context.gate.fail(failure)
            if number % 10 == 0:
                yield context.progress("corpus")
        for finding in leftovers.findings() if leftovers is not None else ():
            context.findings.add(replace(finding, kind="drift"))
    return watch.verdict() or (RunFailure("engine", corpus.trouble) if corpus.trouble else None)


def _differences(
    mine: Exchange, mine_again: Exchange, first: Exchange, again: Exchange, *, request: str, maps: Collection[str]
) -> Iterator[Comparison]:
    here, here_again, there, there_again = (_canonical(each, maps) for each in (mine, mine_again, first, again))
    if not is_steady(here, here_again) or not is_steady(there, there_again):
        # A server that answers so or so to the same request: which of it drifts cannot be told.
        return
    noise = unrepeated(here, here_again) | unrepeated(there, there_again)
    for one in differences(without(here, noise), without(there, noise), request=request):
        yield Comparison(first.entry.operation, one, first, mine)


def _canonical(exchange: Exchange, maps: Collection[str]) -> NormalizedResponse:
    told = canonical(None if exchange.unanswered is not None else exchange.response, maps=maps)
    if exchange.entry.method == "GET" and told.verdict == "accepted":
        # Whose account it is tells what is on it: words are for the trace to compare, of sessions it knows.
        flags = {
            place: words for place, words in told.words.items() if words <= {"true", "false"} and "/0" not in place
        }
        return replace(told, words=flags, prose={})
    return told


def _request_of(exchange: Exchange, faults: BodyViolations) -> str:
    """What kind of request it was, in a few words that stay the same from one like it to the next."""
    entry = exchange.entry
    if entry.miss is not None:
        return entry.miss.cause
    if not entry.is_declared:
        return f"the undeclared method {entry.method}"
    found = faults.of(entry.path, entry.method, exchange.request.body) if entry.body or entry.method == "POST" else ()
    if found:
        where, word = found[0]
        return f"{word} at {where or 'the body'}"
    data = (entry.case or {}).get("meta", {}).get("phase", {}).get("data", {})
    if entry.expected is not Expected.ACCEPTED and data.get("parameter"):
        return f"an unusual {data['parameter']}"
    return "a valid request" if entry.expected is Expected.ACCEPTED else "an unusual request"


def _traced(context: RunContext, mock: RunContext) -> Iterator[Finding]:
    # What is not asked of the one is not asked of the other.
    mock.client.on_rails = context.client.on_rails
    there = [_side(context, number) for number in range(_TIMES)]
    has = there[0].has
    here = [_side(mock, number, has=has, on_rails=context.target.on_rails) for number in range(_TIMES)]
    first, again = (trace(side) for side in there)
    mine, _ = (trace(side) for side in here)
    if (notes := context.subject.notes) is not None:
        notes.steps = first
    for step, other in shared(mine, first):
        repeated = again.get(step.name)
        for fact, told in step.facts.items():
            actual = other.facts.get(fact)
            is_known = actual is not None and "unknown" not in (told, actual)
            is_noise = repeated is not None and repeated.facts.get(fact) != actual
            if is_known and not is_noise and told != actual:
                yield _fact(step, other, fact, told, str(actual))


def _fact(step: Step, other: Step, fact: str, told: str, actual: str) -> Finding:
    severity: Severity = "warning" if fact == "status" else "error"
    return Finding(
        kind="drift",
        check="drift-trace",
        operation=step.name,
        pointer="",
        cause=f"{fact}: {told} here, {actual} there",
        severity=severity,
        title=f"{step.name.capitalize()}: {fact.replace('_', ' ')} {actual} for {told}",
        expected=told,
        actual=actual,
        request=other.answer.request,
        response=other.answer.response,
        mock_response=step.answer.response,
    )


def _side(context: RunContext, number: int, *, has: frozenset[Ability] | None = None, on_rails: bool = False) -> Side:
    target = context.target
    opens_accounts = target.is_mock and bool(target.key.stand_in)
    numbers = count()

    def account() -> AccountClient:
        # Where accounts are free each part gets its own; elsewhere there is one.
        key = f"{target.key.value}-trace-{number}-{next(numbers)}" if opens_accounts else target.key.value
        return AccountClient(context.client, key)

    accounts: Callable[[], AccountClient] = account
    return Side(accounts, abilities_of(account()) if has is None else has, on_rails or target.on_rails)
