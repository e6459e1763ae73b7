"""Every report lists accepted and vanished findings."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any, Final

import jsonschema_rs
from junitparser import Failure as Red
from junitparser import Skipped
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.html_report import render_html
from mockserver_contracts.reports.json_report import render_json
from mockserver_contracts.reports.redaction.redaction import MARK, Redaction
from mockserver_contracts.results.events import FindingReported, FindingVanished, RunEvent, RunFinished

from mockserver.contract import spec_folder
from tests.contracts.baseline.files import A, B, C
from tests.contracts.reports.runs import HOSTILE, a_finding, a_record, a_verdict
from tests.contracts.reports.test_baseline_report import OVER, an_acceptance
from tests.contracts.reports.test_html_report import Page
from tests.contracts.reports.test_junit_report import cases, outcome, read
from tests.contracts.runs import KEY

SCHEMA = jsonschema_rs.validator_for(json.loads((spec_folder() / "report.schema.json").read_text("utf-8")))
GONE: Final = FindingVanished("accepted.yaml", A, "An old one", "Was known")
RUN: Final = (an_acceptance(reason="Known", expires=date(2027, 1, 31)), an_acceptance(B, is_new=True), GONE, OVER)


def console(*events: RunEvent) -> list[str]:
    result = io.StringIO()
    report = ConsoleReport(a_record(()), Redaction([KEY]), result=result, progress=io.StringIO())
    for event in events:
        report.handle(event)
    report.close()
    return result.getvalue().splitlines()


def as_loaded(*events: RunEvent) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render_json(a_record(events)))
    SCHEMA.validate(loaded)
    return loaded


def test_json_report_lists_accepted_and_vanished_findings() -> None:
    report = as_loaded(*RUN)
    assert report["summary"]["accepted"] == 2
    assert report["accepted"][0] == {
        "id": C,
        "title": "New",
        "reason": "Known",
        "since": "2026-11-25",
        "expires": "2027-01-31",
    }
    assert report["accepted"][1]["expires"] is None
    assert report["vanished"] == [{"id": A, "title": "An old one", "reason": "Was known"}]
    assert report["findings"] == []
    without = as_loaded(OVER)
    assert (without["accepted"], without["vanished"], without["summary"]["accepted"]) == ([], [], 0)


def test_console_counts_accepted_and_names_vanished_findings() -> None:
    lines = console(*RUN)
    assert lines[0] == f"accepted from now on: New: GET /a [{B}]"
    assert lines[1] == f"2 accepted by accepted.yaml, 1 vanished: {A} An old one"
    assert console(RUN[0], OVER)[0] == "1 accepted by accepted.yaml"
    assert console(GONE, OVER)[0] == f"0 accepted by accepted.yaml, 1 vanished: {A} An old one"
    assert "accepted" not in "".join(console(OVER))


def test_html_report_has_a_section_of_accepted_findings() -> None:
    page = Page(render_html(a_record(RUN)))
    assert "Nothing new found 2 findings accepted by the baseline." in page.words
    assert "since 2026-11-25, until 2027-01-31 Known" in page.words
    assert f"An old one{A} vanished Was known" in page.words
    assert "Accepted" not in Page(render_html(a_record((OVER,)))).words


def test_accepted_finding_is_a_skipped_test_case() -> None:
    document = read(RUN)
    assert outcome(cases(document)[f"New [{C}]"]) == (Skipped, "accepted: Known")
    assert document.failures == 0


def test_claim_with_accepted_findings_only_is_a_skipped_test_case() -> None:
    violated = a_verdict("success-is-200", "violated", evidence=(C,))
    document = read((violated, an_acceptance(reason="Known"), OVER))
    assert outcome(cases(document)["success-is-200"]) == (Skipped, "accepted: Known")
    assert f"New [{C}]" not in cases(document)
    by_check = read((a_verdict("success-is-200", "violated"), an_acceptance(check="success-is-200"), OVER))
    assert outcome(cases(by_check)["success-is-200"])[0] is Skipped
    new = a_finding(kind="claim", check="success-is-200")
    document = read((violated, an_acceptance(reason="Known"), FindingReported(new, "curl x"), RunFinished(1, 1, 0.1)))
    assert outcome(cases(document)["success-is-200"])[0] is Red
    assert "violated: success-is-200 (openapi, accepted)" in console(violated, RUN[0], OVER)


def test_hostile_baseline_entry_shows_no_key_and_breaks_no_report() -> None:
    said = f"{KEY} {HOSTILE}"
    hostile = an_acceptance(title=said, reason=said, operation=said)
    events = (replace(hostile, baseline=said), FindingVanished(said, A, said, said), OVER)
    page = render_html(a_record(events))
    assert Page(page).tags.isdisjoint({"script", "img"})
    as_loaded(*events)
    assert read(events).failures == 0
    assert not set("\x1b\x07\u202e") & set("".join(console(*events)))
    for text in (page, render_json(a_record(events)), "".join(console(*events))):
        assert KEY not in text
        assert MARK in text
