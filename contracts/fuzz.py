"""The part of a run that replays the corpus and judges every exchange."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Final

from contracts.body import BodyFaults
from contracts.conformance.checks import Conformance
from contracts.corpus.entry import Expected
from contracts.corpus.library import corpus_of, is_at_hand
from contracts.finding import Event, Failure, Noted
from contracts.judge import Judge
from contracts.leftovers import Leftovers
from contracts.rails import allowed
from contracts.replay import Replay
from contracts.trial import Trial
from contracts.watch import Watch

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
    entries = allowed(corpus, target, door)
    watch = Watch(frozenset(entry.operation for entry in entries if entry.expected is Expected.ACCEPTED))
    judge = Judge(
        is_strict=trial.is_strict,
        holds_limits=trial.holds_limits,
        has_error_body=subject.is_videodb,
        key_header=subject.key_header,
        faults_of=BodyFaults(subject.document).of,
        claimed=trial.claimed() if order.rules else frozenset(),
    )
    replay = Replay(door, url=target.url, key=target.key.value)
    leftovers = Leftovers(trial.account, replay) if subject.is_videodb and not target.on_rails else None
    conformance = Conformance(
        subject.document, door, key_header=subject.key_header, key=target.key.value, url=target.url
    )
    try:
        if leftovers is not None:
            leftovers.begin()
        for number, exchange in enumerate(replay.exchanges(entries)):
            if exchange.unanswered is None:
                watch.note(exchange)
            failed = () if exchange.unanswered is not None else tuple(conformance.failures(exchange))
            judge.note(exchange, failed, trial.findings)
            if leftovers is not None:
                leftovers.note(exchange)
            if (failure := watch.outage(door)) is not None:
                door.fail(failure)
            if number % 10 == 0:
                yield trial.progress(_PHASES.get(exchange.entry.origin, exchange.entry.origin))
        for finding in leftovers.findings() if leftovers is not None else ():
            trial.findings.add(finding)
    finally:
        conformance.close()
        replay.close()
    if door.requests_sent == 0 and not door.is_shut:
        return Failure("nothing_sent", corpus.trouble or "the contract has no operation that could be tried")
    return watch.verdict() or (Failure("engine", corpus.trouble) if corpus.trouble else None)
