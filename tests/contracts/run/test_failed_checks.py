"""A check that raises fails alone: the run goes on, keeps its findings and ends with exit code 3."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.fuzz.schemathesis_checks import SchemathesisChecks
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.html_report import render_html
from mockserver_contracts.reports.junit_report import render_junit
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import CheckFailed
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.run import drift_phase
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan

from tests.contracts.reports.test_json_report import write_report
from tests.contracts.runs import KEY, Run, checked_on, document, drift_of, run_on, target_of
from tests.contracts.servers.independent import Other

CLAIM = "session-expires-after-24-hours"


def fail(*_: object, **__: object) -> Any:
    raise KeyError(f"nobody thought of this\n{KEY}")


def failed(run: Run) -> dict[str, str]:
    return {event.name: event.reason for event in run.events if isinstance(event, CheckFailed)}


@pytest.fixture
def run_with_failed_claim(monkeypatch: pytest.MonkeyPatch) -> Run:
    claims, _ = all_checks()
    monkeypatch.setitem(claims, CLAIM, replace(claims[CLAIM], needs=frozenset(), body=fail))
    return checked_on(target_of(Other("success_as_text"), is_mock=False), rules=False)


def test_failed_claim_has_a_verdict_of_its_own(run_with_failed_claim: Run) -> None:
    run = run_with_failed_claim
    verdicts = {event.claim.id: event.claim for event in run.claims}
    assert verdicts[CLAIM].verdict == "failed"
    assert verdicts[CLAIM].reason.startswith("KeyError at run/test_failed_checks.py:")
    assert [event.claim.id for event in run.claims if event.claim.verdict == "failed"] == [CLAIM]
    assert run.findings, "the findings of the other checks are kept"
    assert run.end.exit_code == 3
    assert run.end.failure is not None
    assert run.end.failure.code == "check_failed"


def test_failed_claim_stands_in_every_report(run_with_failed_claim: Run, tmp_path: Path) -> None:
    events = run_with_failed_claim.events
    report = write_report(events, tmp_path)
    assert [each["check"] for each in report["failed_checks"]] == [CLAIM]
    assert report["summary"]["failed"] == 1
    assert report["error"]["code"] == "check_failed"
    result = io.StringIO()
    console = ConsoleReport(
        RunRecord(Redaction([KEY]), version="1"), Redaction([KEY]), result=result, progress=io.StringIO()
    )
    record = RunRecord(Redaction([KEY]), version="1")
    for event in events:
        console.handle(event)
        record.handle(event)
    texts = (json.dumps(report), result.getvalue(), render_html(record), render_junit(record))
    for text in texts:
        assert "KeyError at run/test_failed_checks.py" in text
        assert KEY not in text
    assert f"failed to run: {CLAIM}: KeyError" in texts[1]
    assert texts[1].splitlines()[-1].endswith(" exit 3")
    assert ", 1 failed to run; " in texts[1].splitlines()[-1]
    assert "1 check failed to run" in texts[2]
    assert '<error message="failed to run: KeyError' in texts[3]


def test_rule_that_fails_after_a_finding_keeps_the_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    _, rules = all_checks()
    name, check = next(iter(rules.items()))

    def find_and_fail(context: CheckContext) -> Iterator[Finding]:
        yield context.violation(context.account().ask(amount=1), "this was found", expected="nothing")
        fail()

    monkeypatch.setitem(rules, name, replace(check, needs=frozenset(), body=find_and_fail))
    run = checked_on(target_of(Other()), claims=[])
    assert failed(run).keys() == {name}
    assert "this was found" in {finding.cause for finding in run.findings}
    assert run.end.exit_code == 3


def test_answer_that_breaks_a_check_of_the_corpus_leaves_the_other_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SchemathesisChecks, "failures", fail)
    run = run_on(target_of(Other()))
    assert set(failed(run)) >= {"fuzz of POST /billing/checkout", "fuzz of GET /billing/usage"}
    assert run.end.exit_code == 3


def test_difference_that_cannot_be_told_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift_phase, "find_noise", fail)
    run = drift_of(target_of(Other("success_as_text"), is_mock=False), claims=None)
    assert set(failed(run)) >= {"drift of POST /billing/checkout"}
    assert run.end.exit_code == 3


def test_run_whose_target_cannot_be_opened_ends_with_its_reason() -> None:
    subject = Subject("page", document(), frozenset(), fail)
    run = Run(tuple(run_plan(RunPlan("tests", (subject,), seed=1, max_examples=1))))
    assert failed(run).keys() == {"the start of the run"}
    assert run.end.exit_code == 3


async def halves_of_characters(scope: Any, receive: Any, send: Any) -> None:
    """A server whose id, URL and status have halves of characters."""
    body = b'{"success": true, "id": "\\ud800", "data": {"url": "http://localhost/\\ud83d", "id": "\\udfff"}}'
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def test_halves_of_characters_in_an_answer_fail_no_check() -> None:
    run = checked_on(target_of(halves_of_characters, is_mock=False))
    assert failed(run) == {}
    assert run.end.exit_code == 1
    assert run.end.failure is None
