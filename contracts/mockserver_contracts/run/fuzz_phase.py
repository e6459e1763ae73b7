"""The fuzz phase: sends the corpus to the target and triages every exchange."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, closing
from typing import Final

from mockserver_contracts.checks.sessions.unique_sessions import find_repeated_sessions
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.lenient import make_lenient
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.fuzz.schemathesis_checks import SchemathesisChecks
from mockserver_contracts.fuzz.second_opinion import SecondOpinion
from mockserver_contracts.fuzz.triage import Triage
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.events import RunEvent, RunFailure
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.run.corpus_phase import CorpusRun, begin_corpus
from mockserver_contracts.target.answer import Session, session_of

_PHASES: Final = {"near-miss": "near misses"}


def run_fuzz(context: RunContext) -> Generator[RunEvent, None, RunFailure | None]:
    """Send the corpus; return the reason if the target could not be tested."""
    # Other right servers need not have the operations beside the checkout.
    tolerates_missing = context.subject.is_videodb and not context.is_strict
    corpus = yield from begin_corpus(context, tolerates_missing=tolerates_missing, skips_repeats=True)
    if corpus is None:
        return None
    with ExitStack() as stack:
        stack.enter_context(closing(corpus))
        checks = stack.enter_context(closing(_checks(context)))
        opinion = None
        if context.subject.opinion is not None:
            mock = context.subject.opinion()
            opinion = SecondOpinion(mock, context.subject.document, judges_mock=context.target.is_mock)
            stack.enter_context(closing(opinion))
        yield from _replay(context, corpus, checks, opinion)
    if context.gate.requests_sent == 0 and not context.gate.is_closed:
        return RunFailure("nothing_sent", corpus.trouble or "the contract has no operation that could be tried")
    return corpus.failure()


def _replay(
    context: RunContext, corpus: CorpusRun, checks: SchemathesisChecks, opinion: SecondOpinion | None
) -> Generator[RunEvent, None, None]:
    triage = _triage(context, opinion)
    for number, exchange in enumerate(corpus.replay.send_all(corpus.loop)):
        if corpus.loop.follow(exchange):
            continue
        with context.results.failed_checks.guard(f"fuzz of {exchange.entry.operation}"):
            failures = () if exchange.no_response is not None else tuple(checks.failures(exchange))
            triage.add(exchange, failures, context.findings)
        if context.subject.is_videodb and (session := _created(exchange)) is not None:
            context.client.sessions.append(session)
        if number % 10 == 0:
            yield context.progress(_PHASES.get(exchange.entry.origin, exchange.entry.origin))
    missing = corpus.loop.missing_operations("error" if context.target.is_of_document else "warning")
    for finding in (*missing, *corpus.loop.findings(), *find_repeated_sessions(context.client.sessions)):
        context.findings.add(finding)


def _checks(context: RunContext) -> SchemathesisChecks:
    subject = context.subject
    is_lenient = subject.is_videodb and not context.is_strict
    document = make_lenient(subject.document) if is_lenient else subject.document
    return SchemathesisChecks(document, context.gate, key_header=subject.key_header, key=context.target.key.value)


def _triage(context: RunContext, opinion: SecondOpinion | None) -> Triage:
    subject = context.subject
    return Triage(
        is_strict=context.is_strict,
        holds_limits=context.holds_limits,
        has_error_body=subject.is_videodb,
        key_header=subject.key_header,
        violations_of=BodyViolations(subject.document).of,
        violated_claims=context.violated_claims(),
        opinion=opinion,
        least_dollars=context.client.least_dollars,
    )


def _created(exchange: CorpusExchange) -> Session | None:
    is_order = exchange.entry.path == CHECKOUT and exchange.request.method == "POST"
    return session_of(exchange, 0) if is_order else None
