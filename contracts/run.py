"""A run: every profile's contract held to its target, told as events.

Rule 1: a run always ends with Finished, whatever the target does.
Rule 2: what an outage makes a target answer is no finding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.claims import undecided
from contracts.curl import Key, curl_line
from contracts.door import REFUSALS, Door
from contracts.finding import (
    SEVERITIES,
    ClaimVerdict,
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

CHECKOUT: Final = "/billing/checkout"


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract and the target that is held to it; the target is opened when its turn comes."""

    profile: str
    document: Mapping[str, Any]
    promises: frozenset[str]
    open: Callable[[], Target]


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked to do; without `claims` it only fuzzes."""

    name: str
    subjects: tuple[Subject, ...]
    seed: int
    max_examples: int
    time_budget: float | None = None
    fail_on: frozenset[str] = frozenset({"error"})
    claims: Sequence[Mapping[str, Any]] | None = None


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

    def keep(self, findings: Findings, profile: str, key: Key) -> None:
        """Keep the findings that are new; an outage's own answers are none."""
        for finding in findings.sorted():
            is_outage = finding.response is not None and finding.response.status in REFUSALS
            if self.failure is None or not is_outage:
                self.findings.setdefault(finding.id, _Kept(finding, key)).profiles.append(profile)

    def told(self) -> tuple[_Kept, ...]:
        """The findings, the gravest first."""
        return tuple(sorted(self.findings.values(), key=lambda kept: SEVERITIES.index(kept.finding.severity)))


def check(order: Order) -> Iterator[Event]:
    """Run the order; the last event is Finished."""
    began = time.monotonic()
    deadline = None if order.time_budget is None else began + order.time_budget
    learned = _Learned()
    yield Started(order.name, ", ".join(subject.profile for subject in order.subjects), order.seed)
    for subject in order.subjects:
        if learned.failure is None and learned.stopped is None:
            yield from _one(subject, order, learned, deadline=deadline)
    judged: list[ClaimVerdict] = []
    if order.claims is not None:
        promises = frozenset[str]().union(*(subject.promises for subject in order.subjects))
        judged += undecided(order.claims, frozenset(subject.profile for subject in order.subjects), promises)
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


def _one(subject: Subject, order: Order, learned: _Learned, *, deadline: float | None) -> Iterator[Event]:
    # Here and not above: whoever only asks for help does not wait for the fuzzer.
    from contracts import fuzz
    from contracts.judge import Judge
    from contracts.watch import Watch

    try:
        target = subject.open()
    except TargetFailed as error:
        learned.failure = error.failure
        return
    for sentence in plan(target):
        yield Noted(sentence)
    document = on_rails(subject.document) if target.on_rails else subject.document
    settings = fuzz.Settings(
        seed=order.seed,
        max_examples=order.max_examples,
        key_header=key_header(subject.document),
        key=target.key.value,
        on_rails=target.on_rails,
    )
    door = Door(target.way, target.limits, deadline=deadline)
    timer = None if deadline is None else fuzz.stop_after(door, deadline)
    watch = Watch(fuzz.operations(document))
    judge = Judge(target.is_mock, CHECKOUT in document.get("paths", {}), settings.key_header)
    findings = Findings()
    trouble: Failure | None = None
    try:
        for step in fuzz.fuzz(document, door, settings, url=target.url):
            if isinstance(step, fuzz.EngineTrouble):
                trouble = trouble or step.failure
            elif isinstance(step, fuzz.PhaseOver):
                if (failure := watch.outage(door)) is not None:
                    door.fail(failure)
                sent = learned.requests_sent + door.requests_sent
                yield Progressed(subject.profile, step.phase, sent, len(learned.findings) + len(findings))
            elif step.case not in door.unsent:
                unanswered = door.unanswered.get(step.case)
                if unanswered is None:
                    watch.note(step)
                judge.note(step, unanswered, findings)
    finally:
        if timer is not None:
            timer.cancel()
        target.close()
    learned.requests_sent += door.requests_sent
    learned.stopped = door.stopped
    learned.failure = door.failure or watch.verdict() or trouble
    if learned.failure is None and door.requests_sent == 0 and door.stopped is None:
        learned.failure = Failure("nothing_sent", "the contract has no operation that could be tried")
    learned.keep(findings, subject.profile, target.key)


def key_header(document: Mapping[str, Any]) -> str:
    """The header in which the document wants the key; VideoDB's own where it names none."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return str(scheme["name"])
    return "x-access-token"
