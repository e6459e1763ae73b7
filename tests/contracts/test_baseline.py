"""Accepted findings: which are told all the same, and which have vanished."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.results.curl import Key
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.results.finding import (
    Event,
    Finding,
    FindingAccepted,
    FindingReported,
    Findings,
    FindingVanished,
    Kind,
    RunFailure,
)
from mockserver_contracts.run.plan import Order, Subject
from mockserver_contracts.run.reporting import outcome
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.target import Target

from tests.contracts.runs import CLAIMS, KEY, document
from tests.contracts.sample_events import a_finding
from tests.contracts.test_baseline_file import FILE, TODAY


def accepting(*findings: Finding, today: date = TODAY, **changes: Any) -> Baseline:
    """A baseline with an entry for each finding."""
    empty = Baseline.empty(FILE, today)
    return empty.updated(replace(empty.entry(each.id, each.title), **changes) for each in findings)


def an_order(baseline: Baseline | None, **changes: Any) -> Order:
    def never() -> Target:
        raise AssertionError

    subject = Subject("page", document(), frozenset(), never)
    parts = {"claims": CLAIMS, "baseline": baseline, **changes}
    return Order("tests", (subject,), seed=1, max_examples=1, **parts)


def learned_of(*findings: Finding, **changes: Any) -> RunResults:
    results = RunResults()
    found = Findings()
    for finding in findings:
        found.add(finding)
    results.keep(found, "page", Key(KEY, "VIDEO_DB_API_KEY"))
    for name, value in changes.items():
        setattr(results, name, value)
    return results


def told(baseline: Baseline | None, *findings: Finding, stopped: str | None = None, **changes: Any) -> list[Event]:
    return list(outcome(an_order(baseline, **changes), learned_of(*findings, stopped=stopped)))


# which findings are told


def test_without_a_baseline_every_finding_is_told() -> None:
    [event] = told(None, a_finding())
    assert isinstance(event, FindingReported)


def test_an_accepted_finding_is_counted_with_its_reason_and_not_told() -> None:
    other = a_finding(check="other")
    accepted, found = told(accepting(a_finding(), reason="Known", expires=date(2027, 1, 31)), a_finding(), other)
    assert isinstance(accepted, FindingAccepted)
    assert (accepted.id, accepted.reason, accepted.since) == (a_finding().id, "Known", TODAY)
    assert (accepted.baseline, accepted.expires, accepted.is_new) == (str(FILE), date(2027, 1, 31), False)
    assert isinstance(found, FindingReported)
    assert found.finding == other


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (0, True), (1, False)])
def test_an_entry_accepts_up_to_the_day_it_expires_on(days: int, is_told: bool) -> None:
    expires = TODAY + timedelta(days=days)
    [event] = told(accepting(a_finding(), reason="Known", expires=expires), a_finding())
    assert isinstance(event, FindingReported) == is_told
    if isinstance(event, FindingReported):
        assert event.finding.id == a_finding().id
        assert event.finding.title == f"Server error (its acceptance expired on {expires}: Known)"


def test_what_is_told_comes_gravest_first_whether_new_or_expired() -> None:
    new, expired = a_finding(severity="info"), a_finding(severity="error", check="other")
    events = told(accepting(expired, expires=TODAY), new, expired)
    assert [event.finding.severity for event in events if isinstance(event, FindingReported)] == ["error", "info"]


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_with_a_baseline_every_finding_that_is_left_fails_the_run(severity: str) -> None:
    finding = a_finding(severity=severity)
    for baseline, code in ((accepting(), 1), (None, int(severity == "error"))):
        assert exit_code([finding], [], failure=None, fail_on=an_order(baseline).fails_on) == code


# which entries have vanished


def test_an_entry_whose_finding_did_not_occur_has_vanished() -> None:
    [event] = told(accepting(a_finding(), reason="Known"))
    assert event == FindingVanished(str(FILE), a_finding().id, "Server error", "Known")


@pytest.mark.parametrize(
    "changes",
    [{"claims": None}, {"fuzz": False}, {"rules": False}, {"stopped": "the time budget is spent"}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_was_not_looked_for_everywhere_has_not_vanished(changes: dict[str, Any]) -> None:
    assert told(accepting(a_finding()), **changes) == []


def test_what_a_failed_run_did_not_find_has_not_vanished() -> None:
    results = learned_of(failure=RunFailure("died", "it died"))
    assert list(outcome(an_order(accepting(a_finding())), results)) == []


def test_another_api_than_videodbs_has_no_claims_to_leave_out() -> None:
    order = an_order(accepting(a_finding()), claims=None)
    other = replace(order, subjects=tuple(replace(each, document={"paths": {}}) for each in order.subjects))
    assert (order.is_whole, other.is_whole) == (False, True)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_of_a_kind_that_a_run_does_not_look_for_nothing_vanishes(kind: Kind) -> None:
    finding = a_finding(kind=kind)
    order = an_order(accepting(finding))
    looked_for: tuple[tuple[Kind, ...], ...] = (("claim", "fuzz"), ("drift",))
    for kinds in looked_for:
        vanished = list(outcome(order, learned_of(), kinds=kinds))
        assert [event.id for event in vanished if isinstance(event, FindingVanished)] == [finding.id] * (kind in kinds)


# what an update accepts


def test_an_update_accepts_what_is_new_unless_the_target_could_not_be_tested() -> None:
    known, new = a_finding(), a_finding(check="other", severity="info")
    order = an_order(accepting(known), updates_baseline=True)
    events = list(outcome(order, learned_of(known, new)))
    assert [(event.id, event.is_new) for event in events if isinstance(event, FindingAccepted)] == [
        (known.id, False),
        (new.id, True),
    ]
    assert len(events) == 2
    failed = outcome(order, learned_of(known, new, failure=RunFailure("died", "it died")))
    assert [event.finding for event in failed if isinstance(event, FindingReported)] == [new]


def test_an_update_does_not_renew_what_expired() -> None:
    order = an_order(accepting(a_finding(), expires=TODAY), updates_baseline=True)
    [event] = outcome(order, learned_of(a_finding()))
    assert isinstance(event, FindingReported)
