"""The part of a run that replays the corpus and judges every exchange."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Final

from mockserver_contracts.checks.unique_sessions import alike
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.corpus.storage import is_stored, load_or_generate
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.lenient import lenient
from mockserver_contracts.fuzz.schemathesis_checks import SchemathesisChecks
from mockserver_contracts.fuzz.triage import Triage
from mockserver_contracts.replay.availability import Availability
from mockserver_contracts.replay.missing_operations import MissingOperations
from mockserver_contracts.replay.replay import Exchange, Replay
from mockserver_contracts.replay.selection import allowed
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.finding import Event, RunFailure, RunNote
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.answer import Answer, Session, session_of
from mockserver_contracts.target.client import CHECKOUT

_PHASES: Final[Mapping[str, str]] = {"near-miss": "near misses"}


def fuzzed(context: RunContext) -> Generator[Event, None, RunFailure | None]:
    """Send the corpus; the result is why the target could not be tested."""
    subject, order, target, gate = context.subject, context.order, context.target, context.gate
    wanted = {"seed": order.seed, "max_examples": order.max_examples}
    if not is_stored(subject.document, **wanted):
        yield RunNote(f"Making the requests of seed {order.seed}, once; they are kept for the next run.")
    corpus = load_or_generate(subject.document, **wanted, key_header=subject.key_header, deadline=context.deadline)
    if corpus is None:
        gate.stop("the time budget is spent")
        return None
    entries = _not_again(allowed(corpus, target, gate), context.results)
    if order.origins is not None:
        entries = tuple(entry for entry in entries if entry.origin in order.origins)
    # Whoever has the checkout need not have what lies beside it.
    siblings = MissingOperations(entries) if subject.is_videodb and not context.is_strict else MissingOperations(())
    watch = Availability(frozenset(entry.operation for entry in entries if entry.expected is Expected.ACCEPTED))
    judge = Triage(
        is_strict=context.is_strict,
        holds_limits=context.holds_limits,
        has_error_body=subject.is_videodb,
        key_header=subject.key_header,
        faults_of=BodyViolations(subject.document).of,
        told=context.broken_claims(),
    )
    replay = Replay(gate, url=target.url, key=target.key.value)
    leftovers = SideEffects(context.account, replay) if subject.is_videodb and not target.on_rails else None
    is_loose = subject.is_videodb and not context.is_strict
    document = lenient(subject.document) if is_loose else subject.document
    conformance = SchemathesisChecks(
        document, gate, key_header=subject.key_header, key=target.key.value, url=target.url
    )
    try:
        if leftovers is not None:
            leftovers.begin()
        for number, exchange in enumerate(replay.exchanges(siblings.in_order(entries))):
            if exchange.unanswered is None:
                watch.note(exchange)
            if siblings.is_absent(exchange):
                continue
            failed = () if exchange.unanswered is not None else tuple(conformance.failures(exchange))
            judge.note(exchange, failed, context.findings)
            if subject.is_videodb and (session := _created(exchange)) is not None:
                context.client.sessions.append(session)
            if leftovers is not None:
                leftovers.note(exchange)
            if (failure := watch.outage(gate)) is not None:
                gate.fail(failure)
            if number % 10 == 0:
                yield context.progress(_PHASES.get(exchange.entry.origin, exchange.entry.origin))
        for finding in leftovers.findings() if leftovers is not None else ():
            context.findings.add(finding)
        for finding in alike(context.client.sessions):
            context.findings.add(finding)
    finally:
        conformance.close()
        replay.close()
    if gate.requests_sent == 0 and not gate.is_shut:
        return RunFailure("nothing_sent", corpus.trouble or "the contract has no operation that could be tried")
    return watch.verdict() or (RunFailure("engine", corpus.trouble) if corpus.trouble else None)


def _not_again(entries: Iterable[CorpusEntry], results: RunResults) -> tuple[CorpusEntry, ...]:
    """The entries but for those that an earlier profile got and that say nothing new: all but the checkout's."""
    fresh = tuple(entry for entry in entries if entry.path == CHECKOUT or entry.id not in results.replayed)
    results.replayed.update(entry.id for entry in fresh)
    return fresh


def _created(exchange: Exchange) -> Session | None:
    if exchange.entry.path != CHECKOUT or exchange.request.method != "POST" or not exchange.is_accepted:
        return None
    return session_of(Answer(*exchange.shown, exchange.seconds), 0)
