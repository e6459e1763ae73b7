"""A run: every profile's contract held to its target, told as events.

Rule 1: a run always ends with Finished, whatever the target does.
Rule 2: what an outage makes a target answer is no finding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.claims import Decided, Decider, Terms, left, verdicts
from contracts.curl import Key, curl_line
from contracts.door import REFUSALS, Door, Limits
from contracts.finding import (
    SEVERITIES,
    Event,
    Failure,
    Finding,
    Findings,
    Finished,
    Found,
    Judged,
    Noted,
    Progressed,
    Started,
)
from contracts.target import Target, TargetFailed, on_rails, plan
from contracts.verdict import exit_code
from contracts.way import OverHttp
from contracts.wire import CHECKOUT, Wire, in_process

__all__ = ["CHECKOUT", "Order", "Subject", "check", "key_header"]

# The first target has to make as many; a second profile of the same server needs no such proof again.
_CREATES: Final = (200, 40)
_KEY_CODES: Final = {401: "key_refused", 403: "key_refused", 429: "rate_limited"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract and the target that is held to it; the target is opened when its turn comes."""

    profile: str
    document: Mapping[str, Any]
    promises: frozenset[str]
    open: Callable[[], Target]


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked to do; without `claims` it decides none."""

    name: str
    subjects: tuple[Subject, ...]
    seed: int
    max_examples: int
    time_budget: float | None = None
    fail_on: frozenset[str] = frozenset({"error"})
    claims: Sequence[Mapping[str, Any]] | None = None
    # The parts of a run beside the claims: the fuzzer's corpus, and the rules of our own.
    fuzz: bool = True
    rules: bool = True
    # Whether exact statuses and the limits of the parser are held; on a mock they always are.
    strict: bool = False
    # The control API, where it is not at /_mock of the target.
    control: str | None = None
    second_key: str | None = None


@dataclass(slots=True)
class _Kept:
    finding: Finding
    key: Key
    profiles: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        noun = "profile" if len(self.profiles) == 1 else "profiles"
        return f"{noun} {', '.join(self.profiles)}"


@dataclass(slots=True)
class _Learned:
    """What the run has learned so far."""

    findings: dict[str, _Kept] = field(default_factory=dict)
    requests_sent: int = 0
    failure: Failure | None = None
    stopped: str | None = None
    # Claim by claim, each subject's answer, with whether its profile promises the claim.
    decided: dict[str, list[tuple[bool, Decided]]] = field(default_factory=dict)

    def keep(self, findings: Findings, profile: str, key: Key) -> None:
        """Keep the findings that are new; an outage's own answers are none."""
        for finding in findings.sorted():
            is_outage = finding.response is not None and finding.response.status in REFUSALS
            if self.failure is None or not is_outage:
                self.findings.setdefault(finding.id, _Kept(finding, key)).profiles.append(profile)

    def note(self, decided: Iterable[tuple[bool, Decided]]) -> None:
        """Note what was decided of claims."""
        for is_promised, each in decided:
            self.decided.setdefault(each.name, []).append((is_promised, each))

    def told(self) -> tuple[_Kept, ...]:
        """The findings, the gravest first."""
        return tuple(sorted(self.findings.values(), key=lambda kept: SEVERITIES.index(kept.finding.severity)))


def check(order: Order) -> Iterator[Event]:
    """Run the order; the last event is Finished."""
    began = time.monotonic()
    deadline = None if order.time_budget is None else began + order.time_budget
    learned = _Learned()
    yield Started(order.name, ", ".join(subject.profile for subject in order.subjects), order.seed)
    for number, subject in enumerate(order.subjects):
        if learned.failure is None and learned.stopped is None:
            yield from _one(subject, order, learned, deadline=deadline, creates=_CREATES[min(number, 1)])
        else:
            reason = "time budget" if learned.failure is None else "the target could not be tested"
            learned.note(left(order.claims or (), _promised(subject, order), reason))
    judged = list(verdicts(order.claims or (), learned.decided))
    for claim in judged:
        yield Judged(claim)
    found = learned.told()
    for kept in found:
        title = kept.finding.title
        # The profile is part of what to set up before the curl line shows anything.
        finding = kept.finding if len(order.subjects) == 1 else kept.finding.renamed(f"{title} ({kept.where})")
        yield Found(finding, curl_line(finding.request, kept.key))
    yield Finished(
        exit_code=exit_code((kept.finding for kept in found), judged, failure=learned.failure, fail_on=order.fail_on),
        requests_sent=learned.requests_sent,
        duration=time.monotonic() - began,
        failure=learned.failure,
        stopped=learned.stopped,
    )


def _one(subject: Subject, order: Order, learned: _Learned, *, deadline: float | None, creates: int) -> Iterator[Event]:
    try:
        target = subject.open()
    except TargetFailed as error:
        learned.failure = error.failure
        learned.note(left(order.claims or (), _promised(subject, order), "the target could not be tested"))
        return
    for sentence in plan(target):
        yield Noted(sentence)
    door = Door(target.way, target.limits, deadline=deadline)
    findings = Findings()
    failure: Failure | None = None
    try:
        if CHECKOUT in subject.document.get("paths", {}) and (order.claims is not None or order.rules):
            failure = yield from _checked(
                subject, order, learned, target, door, findings, creates=creates, deadline=deadline
            )
        elif order.claims is not None:
            learned.note(left(order.claims, _promised(subject, order), "not implemented by the target"))
        if order.fuzz and door.failure is None and door.stopped is None:
            failure = yield from _fuzzed(subject, order, learned, target, door, findings, deadline=deadline)
    finally:
        target.close()
    learned.requests_sent += door.requests_sent
    learned.stopped = door.stopped
    learned.failure = door.failure or failure
    learned.keep(findings, subject.profile, target.key)


def _checked(
    subject: Subject,
    order: Order,
    learned: _Learned,
    target: Target,
    door: Door,
    findings: Findings,
    *,
    creates: int,
    deadline: float | None,
) -> Generator[Event, None, Failure | None]:
    """Decide the claims and hold the target to the rules; the result is why it could not be tested."""
    control = None if target.on_rails else order.control or f"{target.url.rstrip('/')}/_mock"
    elsewhere = None
    if control is not None and not control.startswith(target.url.rstrip("/") + "/"):
        elsewhere = OverHttp(control)
    wire = Wire(
        door=door,
        url=target.url,
        key_header=key_header(subject.document),
        is_in_process=in_process(target.way),
        control=control,
        control_door=None if elsewhere is None else Door(elsewhere, Limits(), deadline=deadline),
        on_rails=target.on_rails,
    )
    terms = Terms(
        key=target.key.value,
        second_key=order.second_key,
        # Where the key was given by name, the mock may know no other.
        opens_accounts=target.is_mock and bool(target.key.stand_in),
        is_strict=target.is_mock or order.strict,
        is_mock=target.is_mock,
        # Not every right server minds a key that comes twice; the mock does, and who asks for it.
        holds_limits=target.name == "mock" or order.strict,
        creates=20 if target.on_rails else creates,
    )
    promised = _promised(subject, order)
    claimed = frozenset(claim["id"] for claim in order.claims or ()) & promised
    decider = Decider(wire, subject.document, terms, claimed=claimed)
    try:
        decider.find_abilities()
        if decider.is_refused:
            learned.note(left(order.claims or (), promised, "the target refuses every valid request"))
            status = decider.first_statuses[-1]
            sent = len(decider.first_statuses)
            message = f"every valid request was answered {status} ({sent} sent)"
            return Failure(_KEY_CODES.get(status, "unavailable"), message)
        for claim in order.claims or ():
            is_promised = claim["id"] in promised
            decided = decider.claim(claim["id"], is_promised=is_promised)
            learned.note([(is_promised, decided)])
            for finding in decided.findings:
                findings.add(finding)
            yield _progress(subject, "claims", learned, wire.requests_sent, findings)
        for decided in decider.rules() if order.rules else ():
            for finding in decided.findings:
                findings.add(finding)
            yield _progress(subject, "rules", learned, wire.requests_sent, findings)
        if order.rules:
            for finding in decider.overall():
                findings.add(finding)
    finally:
        wire.close()
        if elsewhere is not None:
            elsewhere.close()
            learned.requests_sent += wire.requests_sent - door.requests_sent
    return None


def _fuzzed(
    subject: Subject,
    order: Order,
    learned: _Learned,
    target: Target,
    door: Door,
    findings: Findings,
    *,
    deadline: float | None,
) -> Generator[Event, None, Failure | None]:
    """Send the corpus; the result is why the target could not be tested."""
    # Here and not above: whoever only asks for help does not wait for the fuzzer.
    from contracts import fuzz
    from contracts.judge import Judge
    from contracts.watch import Watch

    document = on_rails(subject.document) if target.on_rails else subject.document
    settings = fuzz.Settings(
        seed=order.seed,
        max_examples=order.max_examples,
        key_header=key_header(subject.document),
        key=target.key.value,
        on_rails=target.on_rails,
    )
    timer = None if deadline is None else fuzz.stop_after(door, deadline)
    watch = Watch(fuzz.operations(document))
    judge = Judge(target.is_mock or order.strict, CHECKOUT in document.get("paths", {}), settings.key_header)
    trouble: Failure | None = None
    try:
        for step in fuzz.fuzz(document, door, settings, url=target.url):
            if isinstance(step, fuzz.EngineTrouble):
                trouble = trouble or step.failure
            elif isinstance(step, fuzz.PhaseOver):
                if (failure := watch.outage(door)) is not None:
                    door.fail(failure)
                yield _progress(subject, step.phase, learned, door.requests_sent, findings)
            elif step.case not in door.unsent:
                unanswered = door.unanswered.get(step.case)
                if unanswered is None:
                    watch.note(step)
                judge.note(step, unanswered, findings)
    finally:
        if timer is not None:
            timer.cancel()
    if door.requests_sent == 0 and door.stopped is None and door.failure is None:
        trouble = trouble or Failure("nothing_sent", "the contract has no operation that could be tried")
    return watch.verdict() or trouble


def _progress(subject: Subject, phase: str, learned: _Learned, sent: int, findings: Findings) -> Progressed:
    return Progressed(subject.profile, phase, learned.requests_sent + sent, len(learned.findings) + len(findings))


def _promised(subject: Subject, order: Order) -> frozenset[str]:
    """The claims that the subject's profile promises, by its own word or that of the claims."""
    return subject.promises.union(
        claim["id"] for claim in order.claims or () if subject.profile in claim.get("promised_by", ())
    )


def key_header(document: Mapping[str, Any]) -> str:
    """The header in which the document wants the key; VideoDB's own where it names none."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return str(scheme["name"])
    return "x-access-token"
