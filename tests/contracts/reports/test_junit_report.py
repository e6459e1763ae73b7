"""The JUnit report, parsed by junitparser."""

from __future__ import annotations

from itertools import chain
from xml.etree import ElementTree as Xml

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from mockserver_contracts.reports.junit_report import render_junit
from mockserver_contracts.results import events as run_events

from tests.contracts.reports.runs import (
    SAMPLES,
    URL,
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
    a_verdict,
)
from tests.contracts.runs import CLAIMS, KEY

OVER = run_events.RunFinished(exit_code=1, requests_sent=3, duration=1.5)


def read(events: tuple[run_events.RunEvent, ...], *fail_on: str) -> JUnitXml:
    text = render_junit(a_record(events, fail_on=frozenset({"error", *fail_on})))
    parsed = JUnitXml.fromstring(text.encode())
    assert isinstance(parsed, JUnitXml)
    return parsed


def cases(document: JUnitXml) -> dict[str, TestCase]:
    suites = [suite for suite in document if isinstance(suite, TestSuite)]
    return {str(case.name): case for case in chain.from_iterable(suites) if isinstance(case, TestCase)}


def outcome(case: TestCase) -> tuple[type, str]:
    [found] = case.result
    return type(found), str(found.message)


def test_claims_and_other_findings_are_test_cases() -> None:
    document = read(a_run_with_a_dozen_findings())
    found = cases(document)
    others = {f"{sample.title} [{sample.finding.id}]" for sample in SAMPLES if sample.kind == "fuzz"}
    assert set(found) == {"the target can be tested", *others, *(claim.id for claim in CLAIMS)}
    assert document.tests == len(found)
    assert document.time == 8.31


def test_test_cases_fail_only_by_findings_that_fail_the_run() -> None:
    document = read(a_run_with_a_dozen_findings())
    red = {name for name, case in cases(document).items() if any(isinstance(each, Failure) for each in case.result)}
    errors = [sample for sample in SAMPLES if sample.severity == "error"]
    assert len(red) == document.failures == len(errors)
    assert document.errors == 0
    assert read(a_run_with_a_dozen_findings(), "warning").failures == len(errors) + 2


def test_failure_of_a_claim_has_its_place_and_a_curl_line() -> None:
    [failure] = cases(read(a_run_with_a_dozen_findings()))["session-expires-after-24-hours"].result
    assert failure.message == "A session outlives its 24 hours"
    assert failure.text is not None
    for words in ("prose: note, bullet 3", "expected: 24 hours", "actual: 24 hours", "curl -sS", URL, "answer: 200"):
        assert words in failure.text
    assert KEY not in failure.text


def test_upheld_claim_passes() -> None:
    case = cases(read((a_verdict("success-is-200"), OVER)))["success-is-200"]
    assert (case.classname, case.result) == ("openapi", [])


def test_undecided_claim_is_skipped_with_its_reason() -> None:
    events = (a_verdict("success-is-200", "undecided", reason="not implemented"), OVER)
    assert outcome(cases(read(events))["success-is-200"]) == (Skipped, "undecided: not implemented")
    assert outcome(cases(read(events, "undecided"))["success-is-200"]) == (Failure, "undecided: not implemented")


def test_violated_claim_without_a_promise_is_skipped() -> None:
    events = (a_verdict("no-field-is-required", "violated", reason="400"), OVER)
    message = "violated; the profile does not promise it: 400"
    assert outcome(cases(read(events))["no-field-is-required"]) == (Skipped, message)


def test_violated_promise_fails_even_without_a_finding() -> None:
    events = (a_verdict("success-is-200", "violated", reason="201"), OVER)
    assert outcome(cases(read(events))["success-is-200"]) == (Failure, "201")


def test_finding_of_a_claim_without_a_verdict_is_a_test_case() -> None:
    finding = a_finding(kind="claim", check="success-is-200", title="It is 201")
    assert outcome(cases(read((run_events.FindingReported(finding, "curl x"), OVER)))[f"It is 201 [{finding.id}]"]) == (
        Failure,
        "500",
    )


def test_outage_is_an_error_and_no_failure() -> None:
    end = run_events.RunFinished(3, 0, 0.1, run_events.RunFailure("unreachable", "nothing listens there"))
    document = read((run_events.RunStarted(URL, "page", 1), end))
    assert outcome(cases(document)["the target can be tested"]) == (Error, "nothing listens there")
    assert (document.errors, document.failures) == (1, 0)


def test_broken_off_run_is_an_error() -> None:
    document = read((run_events.RunStarted(URL, "page", 1),))
    assert outcome(cases(document)["the target can be tested"]) == (Error, "the run broke off")


def test_run_that_ends_at_its_time_budget_is_no_error() -> None:
    document = read((run_events.RunFinished(0, 9, 1.0, stopped="the time budget is spent"),))
    assert outcome(cases(document)["the target can be tested"]) == (Skipped, "incomplete: the time budget is spent")


def test_hostile_answer_leaves_the_xml_well_formed() -> None:
    text = render_junit(a_record(a_hostile_run()))
    root = Xml.fromstring(text.encode("utf-8"))
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped"),
    }
    assert "\\x1b[2J" in text
    assert len(text) < 200_000
    assert read(a_hostile_run()).failures == 1
