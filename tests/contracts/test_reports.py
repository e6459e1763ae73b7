"""What a run tells, and what it keeps to itself."""

from __future__ import annotations

import io
import json
import os
import threading
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from mockserver_contracts.checks.runner import NOT_IMPLEMENTED, undecided
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.file_report import FileReport
from mockserver_contracts.reports.record import Record
from mockserver_contracts.reports.redaction import MARK, Redaction
from mockserver_contracts.results.curl import Key, curl_line
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.results.finding import (
    ClaimDecided,
    Event,
    FindingReported,
    Findings,
    Request,
    Response,
    RunFailure,
    RunFinished,
    RunNote,
    RunStarted,
)

from mockserver.contract import spec_folder
from tests.contracts.runs import KEY, run_on, target_of
from tests.contracts.sample_events import (
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
    page_claims,
)
from tests.contracts.servers.independent import Other

SCHEMA = jsonschema_rs.validator_for(json.loads((spec_folder() / "report.schema.json").read_text("utf-8")))
CLAIM = {"id": "a-claim", "voice": "prose", "statement": "It is\n  so.", "promised_by": ["page"]}


def written(events: tuple[Event, ...], folder: Path) -> dict[str, Any]:
    file = folder / "report.json"
    report = FileReport("json", file, a_record(()))
    for event in events:
        report.handle(event)
    report.close()
    assert [each.name for each in folder.iterdir()] == ["report.json"]
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    SCHEMA.validate(loaded)
    return loaded


def told(events: tuple[Event, ...]) -> str:
    result = io.StringIO()
    redaction = Redaction([KEY])
    report = ConsoleReport(Record(redaction, version="1"), redaction, result=result, progress=io.StringIO())
    for event in events:
        report.handle(event)
    report.close()
    return result.getvalue()


def test_the_report_of_a_run_with_findings_is_valid_by_its_schema(tmp_path: Path) -> None:
    run = run_on(target_of(Other("html_on_refusal")), claims=[CLAIM])
    report = written(run.events, tmp_path)
    assert report["exit_code"] == 1
    assert report["summary"] == {
        "upheld": 0,
        "violated": 0,
        "undecided": 1,
        "fuzz_failures": len(run.findings),
        "drifts": 0,
        "accepted": 0,
    }
    assert {finding["id"] for finding in report["findings"]} == run.ids
    assert all(finding["request"]["url"].startswith("http://127.0.0.1:8765/") for finding in report["findings"])


def test_the_report_of_a_target_that_could_not_be_tested_says_why(tmp_path: Path) -> None:
    report = written(run_on(target_of(Other("401_to_everything"))).events, tmp_path)
    assert (report["exit_code"], report["incomplete"], report["error"]["code"]) == (3, True, "key_refused")


def test_a_run_that_breaks_off_leaves_a_report(tmp_path: Path) -> None:
    events = (RunStarted("mock", "page", 1), FindingReported(a_finding(), "curl x"))
    report = written(events, tmp_path)
    assert report["incomplete"]
    assert len(report["findings"]) == 1


def test_the_key_stands_in_no_output_even_if_the_server_echoes_it(tmp_path: Path) -> None:
    events = run_on(target_of(Other("echoes_the_key"))).events
    assert any(
        isinstance(event, FindingReported) and KEY.encode() in event.finding.response.body
        for event in events
        if isinstance(event, FindingReported) and event.finding.response is not None
    )
    report = json.dumps(written(events, tmp_path))
    assert KEY not in report
    assert MARK in report
    assert "${VIDEO_DB_API_KEY:-sk-check}" in report
    assert KEY not in told(events)


def test_a_key_is_found_percent_encoded_too() -> None:
    assert Redaction(["sk a/b"]).text("?key=sk%20a%2Fb") == f"?key={MARK}"
    assert Redaction([""]).text("abc") == "abc"
    assert Redaction(["sk-a", "sk-a-long"]).text("sk-a-long sk-a") == f"{MARK} {MARK}"


def test_the_console_ends_with_the_verdicts() -> None:
    events = run_on(target_of(Other("no_data_url")), claims=[CLAIM]).events
    lines = told(events).splitlines()
    assert lines[-1] == "0 upheld, 0 violated, 1 undecided"
    assert lines[0].startswith("error: Response violates schema: POST /billing/checkout [fuzz-")


def test_what_a_server_answers_does_not_steer_the_terminal() -> None:
    finding = a_finding(response=Response(500, {}, b"\x1b[2J\x07\r\nhello"))
    assert "\x1b" not in told((FindingReported(finding, "curl x"),))


def test_progress_and_plans_are_not_part_of_the_result() -> None:
    result = told((RunStarted("mock", "page", 1), RunNote("On rails.")))
    assert "Checking" not in result
    assert "rails" not in result


def test_a_claim_without_a_check_is_undecided_and_never_upheld() -> None:
    [claim] = undecided([CLAIM], frozenset({"page"}), frozenset())
    assert (claim.verdict, claim.reason, claim.promised) == ("undecided", NOT_IMPLEMENTED, True)
    assert claim.statement == "It is so."
    [elsewhere] = undecided([CLAIM], frozenset({"openapi"}), frozenset())
    [promised] = undecided([CLAIM], frozenset({"mine"}), frozenset({"a-claim"}))
    assert (elsewhere.promised, promised.promised) == (False, True)


def test_a_findings_id_is_of_its_kind_check_operation_pointer_and_cause_only() -> None:
    same = a_finding(title="x", expected="x", actual="x", severity="info", response=None)
    assert same.id == a_finding().id
    others = {a_finding(**{name: "x"}).id for name in ("kind", "check", "operation", "pointer", "cause")}
    assert len(others - {a_finding().id}) == 5


def test_repeats_are_one_finding_with_the_smallest_request() -> None:
    findings = Findings()
    small = Request("GET", "http://127.0.0.1/", {})
    for request in (a_finding().request, small, a_finding().request):
        findings.add(a_finding(request=request))
    assert [finding.request for finding in findings.sorted()] == [small]


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("error", {"error"}, 1),
        ("warning", {"error"}, 0),
        ("warning", {"error", "warning"}, 1),
        ("info", {"error", "warning"}, 0),
        ("info", {"error", "warning", "info"}, 1),
    ],
)
def test_the_exit_code_follows_the_gravest_level_asked_for(severity: str, fail_on: set[str], code: int) -> None:
    assert exit_code([a_finding(severity=severity)], [], failure=None, fail_on=frozenset(fail_on)) == code


def test_undecided_claims_fail_a_run_only_if_asked_and_promised() -> None:
    claims = tuple(undecided([CLAIM], frozenset({"page"}), frozenset()))
    others = tuple(undecided([CLAIM], frozenset(), frozenset()))
    assert exit_code([], claims, failure=None, fail_on=frozenset({"error"})) == 0
    assert exit_code([], claims, failure=None, fail_on=frozenset({"error", "undecided"})) == 1
    assert exit_code([], others, failure=None, fail_on=frozenset({"error", "undecided"})) == 0


def test_a_target_that_could_not_be_tested_is_neither_a_pass_nor_a_contract_failure() -> None:
    failure = RunFailure("died", "it died")
    assert exit_code([a_finding()], [], failure=failure, fail_on=frozenset()) == 3


def test_the_events_of_a_run_end_with_finished() -> None:
    events = run_on(target_of(Other()), max_examples=1).events
    assert isinstance(events[0], RunStarted)
    assert [isinstance(event, RunFinished) for event in events].index(True) == len(events) - 1
    assert not any(isinstance(event, ClaimDecided) for event in events)


def test_the_curl_line_takes_the_key_from_the_environment() -> None:
    line = curl_line(a_finding().request, Key(KEY, "A_KEY"))
    assert KEY not in line
    assert '"${A_KEY}"' in line


def test_the_report_says_whom_the_server_follows(tmp_path: Path) -> None:
    report = written(a_run_with_a_dozen_findings(), tmp_path)
    sides = {voice["contradiction"]: voice["sides_with"] for voice in report["voices"]}
    assert sides["amount-whole-dollars / amount-any-number"] == "openapi"
    assert sides["checkout-buys-credits / no-field-is-required"] == "prose"
    assert sides["redirects-in-snake-case / redirects-in-camel-case"] == "python-sample, javascript-sample"
    assert {claim for voice in report["voices"] for claim in voice["claims"]} <= {c["id"] for c in page_claims()}


def test_a_run_without_claims_says_nothing_of_voices(tmp_path: Path) -> None:
    assert written((RunStarted("mock", "page", 1),), tmp_path)["voices"] == []


def test_what_a_hostile_server_answers_is_valid_json(tmp_path: Path) -> None:
    report = written(a_hostile_run(), tmp_path)
    assert "<script>" in report["findings"][0]["title"]
    assert len(report["findings"][0]["response"]["body"]) > 3_000_000


def test_a_report_is_written_into_a_pipe_too(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text("utf-8")))
    reader.start()
    FileReport("json", pipe, a_record((RunStarted("mock", "page", 1),))).close()
    reader.join(10)
    assert json.loads(got[0])["target"] == "mock"
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


def test_a_report_that_cannot_be_written_leaves_the_old_one_and_no_part(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(FileNotFoundError):
        FileReport("html", folder / "report.html", a_record(())).close()
    assert list(tmp_path.iterdir()) == []
