"""The JSON report is valid by its published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
from mockserver_contracts.reports.file_report import FileReport
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.events import (
    FindingReported,
    RunEvent,
    RunStarted,
)

from mockserver.contract import spec_folder
from tests.contracts.reports.runs import (
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
)
from tests.contracts.runs import CLAIMS, run_on, target_of
from tests.contracts.servers.independent import Other

SCHEMA = jsonschema_rs.validator_for(json.loads((spec_folder() / "report.schema.json").read_text("utf-8")))
CLAIM = Claim(id="a-claim", voice="prose", place="a place", statement="It is\n  so.", promised_by=("page",))


def write_report(events: tuple[RunEvent, ...], folder: Path) -> dict[str, Any]:
    file = folder / "report.json"
    report = FileReport("json", file, a_record(()))
    for event in events:
        report.handle(event)
    report.close()
    assert [each.name for each in folder.iterdir()] == ["report.json"]
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    SCHEMA.validate(loaded)
    return loaded


def test_report_of_a_run_with_findings_is_valid_by_its_schema(tmp_path: Path) -> None:
    run = run_on(target_of(Other("html_on_refusal")), claims=[CLAIM])
    report = write_report(run.events, tmp_path)
    assert report["exit_code"] == 1
    assert report["summary"] == {
        "upheld": 0,
        "violated": 0,
        "failed": 0,
        "undecided": 1,
        "fuzz_failures": len(run.findings),
        "drifts": 0,
        "accepted": 0,
    }
    assert {finding["id"] for finding in report["findings"]} == run.ids
    assert all(finding["request"]["url"].startswith("http://127.0.0.1:8765/") for finding in report["findings"])


def test_report_of_an_untested_target_has_the_reason(tmp_path: Path) -> None:
    report = write_report(run_on(target_of(Other("401_to_everything"))).events, tmp_path)
    assert (report["exit_code"], report["incomplete"], report["error"]["code"]) == (3, True, "key_refused")


def test_broken_off_run_leaves_a_report(tmp_path: Path) -> None:
    events = (RunStarted("mock", "page", 1), FindingReported(a_finding(), "curl x"))
    report = write_report(events, tmp_path)
    assert report["incomplete"]
    assert len(report["findings"]) == 1


def test_report_lists_the_voices_that_the_server_follows(tmp_path: Path) -> None:
    report = write_report(a_run_with_a_dozen_findings(), tmp_path)
    sides = {voice["contradiction"]: voice["sides_with"] for voice in report["voices"]}
    assert sides["amount-whole-dollars / amount-any-number"] == "openapi"
    assert sides["checkout-buys-credits / no-field-is-required"] == "prose"
    assert sides["redirects-in-snake-case / redirects-in-camel-case"] == "python-sample, javascript-sample"
    assert {claim for voice in report["voices"] for claim in voice["claims"]} <= {c.id for c in CLAIMS}


def test_run_without_claims_has_no_voices(tmp_path: Path) -> None:
    assert write_report((RunStarted("mock", "page", 1),), tmp_path)["voices"] == []


def test_hostile_answer_leaves_the_json_valid(tmp_path: Path) -> None:
    report = write_report(a_hostile_run(), tmp_path)
    assert "<script>" in report["findings"][0]["title"]
    assert 65_000 < len(report["findings"][0]["response"]["body"]) < 66_000
