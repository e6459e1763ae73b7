"""The part of a run that replays the corpus and judges every exchange."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Final

from mockserver_contracts.checks.unique_sessions import alike
from mockserver_contracts.corpus.entry import Entry, Expected
from mockserver_contracts.corpus.storage import corpus_of, is_at_hand
from mockserver_contracts.document.body_violations import BodyFaults
from mockserver_contracts.document.lenient import lenient
from mockserver_contracts.fuzz.schemathesis_checks import Conformance
from mockserver_contracts.fuzz.triage import Judge
from mockserver_contracts.replay.availability import Watch
from mockserver_contracts.replay.missing_operations import Siblings
from mockserver_contracts.replay.replay import Exchange, Replay
from mockserver_contracts.replay.selection import allowed
from mockserver_contracts.replay.side_effects import Leftovers
from mockserver_contracts.results.finding import Event, Failure, Noted
from mockserver_contracts.run.context import Trial
from mockserver_contracts.run.results import Learned
from mockserver_contracts.target.answer import Answer, Session, session_of
from mockserver_contracts.target.client import CHECKOUT

_PHASES: Final[Mapping[str, str]] = {"near-miss": "near misses"}


def fuzzed(trial: Trial) -> Generator[Event, None, Failure | None]:
    """Send the corpus; the result is why the target could not be tested."""
    subject, order, target, door = trial.subject, trial.order, trial.target, trial.door
    wanted = {"seed": order.seed, "max_examples": order.max_examples}
    if not is_at_hand(subject.document, **wanted):
        yield Noted(f"Making the requests of seed {order.seed}, once; they are kept for the next run.")
    corpus = corpus_of(subject.document, **wanted, key_header=subject.key_header, deadline=trial.deadline)
    if corpus is None:
        door.stop("the time budget is spent")
        return None
    entries = _not_again(allowed(corpus, target, door), trial.learned)
    # Whoever has the checkout need not have what lies beside it.
    siblings = Siblings(entries) if subject.is_videodb and not trial.is_strict else Siblings(())
    watch = Watch(frozenset(entry.operation for entry in entries if entry.expected is Expected.ACCEPTED))
    judge = Judge(
        is_strict=trial.is_strict,
        holds_limits=trial.holds_limits,
        has_error_body=subject.is_videodb,
        key_header=subject.key_header,
        faults_of=BodyFaults(subject.document).of,
        told=trial.broken_claims(),
    )
    replay = Replay(door, url=target.url, key=target.key.value)
    leftovers = Leftovers(trial.account, replay) if subject.is_videodb and not target.on_rails else None
    is_loose = subject.is_videodb and not trial.is_strict
    document = lenient(subject.document) if is_loose else subject.document
    conformance = Conformance(document, door, key_header=subject.key_header, key=target.key.value, url=target.url)
    try:
        if leftovers is not None:
            leftovers.begin()
        for number, exchange in enumerate(replay.exchanges(siblings.in_order(entries))):
            if exchange.unanswered is None:
                watch.note(exchange)
            if siblings.is_absent(exchange):
                continue
            failed = () if exchange.unanswered is not None else tuple(conformance.failures(exchange))
            judge.note(exchange, failed, trial.findings)
            if subject.is_videodb and (session := _created(exchange)) is not None:
                trial.wire.sessions.append(session)
            if leftovers is not None:
                leftovers.note(exchange)
            if (failure := watch.outage(door)) is not None:
                door.fail(failure)
            if number % 10 == 0:
                yield trial.progress(_PHASES.get(exchange.entry.origin, exchange.entry.origin))
        for finding in leftovers.findings() if leftovers is not None else ():
            trial.findings.add(finding)
        for finding in alike(trial.wire.sessions):
            trial.findings.add(finding)
    finally:
        conformance.close()
        replay.close()
    if door.requests_sent == 0 and not door.is_shut:
        return Failure("nothing_sent", corpus.trouble or "the contract has no operation that could be tried")
    return watch.verdict() or (Failure("engine", corpus.trouble) if corpus.trouble else None)


def _not_again(entries: Iterable[Entry], learned: Learned) -> tuple[Entry, ...]:
    """The entries but for those that an earlier profile got and that say nothing new: all but the checkout's."""
    fresh = tuple(entry for entry in entries if entry.path == CHECKOUT or entry.id not in learned.replayed)
    learned.replayed.update(entry.id for entry in fresh)
    return fresh


def _created(exchange: Exchange) -> Session | None:
    if exchange.entry.path != CHECKOUT or exchange.request.method != "POST" or not exchange.is_accepted:
        return None
    return session_of(Answer(*exchange.shown, exchange.seconds), 0)
