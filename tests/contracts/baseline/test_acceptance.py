"""A run with a baseline: reported, accepted and vanished findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.search import SearchRecorded
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import FindingAccepted, FindingReported, FindingVanished, RunEvent, RunFailure
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.results.failed_check import FailedChecks
from mockserver_contracts.results.finding import Finding, Findings
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.reporting import report_findings
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.target import Target

from tests.contracts.baseline.files import FILE, TODAY, a_search
from tests.contracts.reports.runs import a_finding
from tests.contracts.runs import CLAIMS, KEY, document


def accepting(*findings: Finding, today: date = TODAY, **changes: Any) -> Baseline:
    """A baseline with an entry for each finding, as a run of the tests adds it."""
    empty = Baseline.empty(FILE, today)
    return empty.merge(
        replace(empty.new_entry(each.id, each.title, a_search(check=each.check)), **changes) for each in findings
    )


def an_order(baseline: Baseline | None, **changes: Any) -> RunPlan:
    def never() -> Target:
        raise AssertionError

    subject = Subject("page", document(), frozenset(), never)
    parts = {"claims": CLAIMS, "baseline": baseline, **changes}
    return RunPlan("tests", (subject,), seed=1, max_examples=1, **parts)


def results_of(*findings: Finding, **changes: Any) -> RunResults:
    results = RunResults(address="127.0.0.1:9000")
    found = Findings()
    for finding in findings:
        found.add(finding)
    results.add_findings(found, "page", "http://127.0.0.1", ApiKey(KEY, "VIDEO_DB_API_KEY"))
    for name, value in changes.items():
        setattr(results, name, value)
    return results


def events_of(
    baseline: Baseline | None, *findings: Finding, stopped: str | None = None, **changes: Any
) -> list[RunEvent]:
    return list(report_findings(an_order(baseline, **changes), results_of(*findings, stopped=stopped)))


# reported and accepted findings


def test_findings_are_all_reported_without_a_baseline() -> None:
    [event] = events_of(None, a_finding())
    assert isinstance(event, FindingReported)


def test_accepted_finding_has_its_reason_and_is_not_reported() -> None:
    other = a_finding(check="other")
    accepted, found = events_of(accepting(a_finding(), reason="Known", expires=date(2027, 1, 31)), a_finding(), other)
    assert isinstance(accepted, FindingAccepted)
    assert (accepted.id, accepted.reason, accepted.since) == (a_finding().id, "Known", TODAY)
    assert (accepted.baseline, accepted.expires, accepted.is_new) == (str(FILE), date(2027, 1, 31), False)
    assert isinstance(found, FindingReported)
    assert found.finding == other


@pytest.mark.parametrize(("days", "is_reported"), [(-1, True), (0, True), (1, False)])
def test_entry_accepts_up_to_the_day_of_its_expiry(days: int, is_reported: bool) -> None:
    expires = TODAY + timedelta(days=days)
    [event] = events_of(accepting(a_finding(), reason="Known", expires=expires), a_finding())
    assert isinstance(event, FindingReported) == is_reported
    if isinstance(event, FindingReported):
        assert event.finding.id == a_finding().id
        assert event.finding.title == f"Server error (its acceptance expired on {expires}: Known)"


def test_reported_findings_start_with_the_most_severe() -> None:
    new, expired = a_finding(severity="info"), a_finding(severity="error", check="other")
    events = events_of(accepting(expired, expires=TODAY), new, expired)
    assert [event.finding.severity for event in events if isinstance(event, FindingReported)] == ["error", "info"]


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_unaccepted_finding_of_any_severity_fails_a_run_with_a_baseline(severity: str) -> None:
    finding = a_finding(severity=severity)
    for baseline, code in ((accepting(), 1), (None, int(severity == "error"))):
        assert exit_code([finding], [], failure=None, fail_on=an_order(baseline).fails_on) == code


# vanished entries


def test_entry_without_its_finding_has_vanished() -> None:
    [event] = events_of(accepting(a_finding(), reason="Known"))
    assert event == FindingVanished(str(FILE), a_finding().id, "Server error", "Known")


@pytest.mark.parametrize(
    "changes",
    [{"claims": None}, {"fuzz": False}, {"rules": False}, {"stopped": "the time budget is spent"}],
    ids=lambda changes: next(iter(changes)),
)
def test_entry_has_not_vanished_after_a_partial_run(changes: dict[str, Any]) -> None:
    assert events_of(accepting(a_finding()), **changes) == []


def test_entry_has_not_vanished_after_a_failed_run() -> None:
    results = results_of(failure=RunFailure("died", "it died"))
    assert list(report_findings(an_order(accepting(a_finding())), results)) == []


def test_run_on_another_api_is_whole_without_claims() -> None:
    order = an_order(accepting(a_finding()), claims=None)
    other = replace(order, subjects=tuple(replace(each, document={"paths": {}}) for each in order.subjects))
    assert (order.without, other.without) == (("claims",), ())


def test_entry_of_another_command_has_not_vanished() -> None:
    for command in ("check", "drift"):
        baseline = accepting(a_finding(), search=a_search(command=command))
        check, drift = an_order(baseline), an_order(baseline)
        drift = replace(drift, subjects=tuple(replace(each, mock=each.open) for each in drift.subjects))
        assert [len(list(report_findings(plan, results_of()))) for plan in (check, drift)] == [
            int(command == "check"),
            int(command == "drift"),
        ]


def test_entry_of_a_check_that_did_not_run_to_its_end_has_not_vanished() -> None:
    order = an_order(accepting(a_finding()))
    assert list(report_findings(order, results_of(unfinished={"not_a_server_error"}))) == []
    assert len(list(report_findings(order, results_of(unfinished={"another"})))) == 1


def test_entry_has_not_vanished_if_a_check_failed_to_run() -> None:
    failed = FailedChecks()
    failed.add("another", "ValueError")
    assert list(report_findings(an_order(accepting(a_finding())), results_of(failed_checks=failed))) == []


def test_entry_whose_finding_repeats_a_reported_one_has_not_vanished() -> None:
    order = an_order(accepting(a_finding()))
    assert list(report_findings(order, results_of(repeated={a_finding().id}))) == []


def test_entry_without_a_search_has_not_vanished() -> None:
    assert events_of(accepting(a_finding(), search=None)) == []


# an update


def test_update_accepts_new_findings_unless_the_target_is_untested() -> None:
    known, new = a_finding(), a_finding(check="other", severity="info")
    order = an_order(accepting(known), updates_baseline=True)
    events = list(report_findings(order, results_of(known, new)))
    assert [(event.id, event.is_new) for event in events if isinstance(event, FindingAccepted)] == [
        (known.id, False),
        (new.id, True),
    ]
    searches = [event.search for event in events if isinstance(event, SearchRecorded)]
    assert {search.check for search in searches} == {known.check, "other"}
    assert len(events) == 4
    failed = report_findings(order, results_of(known, new, failure=RunFailure("died", "it died")))
    assert [event.finding for event in failed if isinstance(event, FindingReported)] == [new]


def test_update_does_not_renew_an_expired_entry() -> None:
    order = an_order(accepting(a_finding(), expires=TODAY), updates_baseline=True)
    _, event = report_findings(order, results_of(a_finding()))
    assert isinstance(event, FindingReported)
