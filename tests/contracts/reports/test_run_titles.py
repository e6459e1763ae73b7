"""Every report says which command it is of."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree as Xml

import pytest
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.forms import FORMS, load_form
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import FindingReported, RunFinished, RunStarted
from mockserver_contracts.results.run_command import RunCommand

from tests.contracts.reports.runs import a_drift, a_record

URL = "http://127.0.0.1:9000"
TITLES: dict[RunCommand, str] = {
    "check": f"Check of {URL}",
    "drift": f"Drift: comparison of {URL} with the mock",
    "calibrate": f"Calibration: comparison of {URL} with the mock",
}
WITHOUT_TITLE = "coverage"
"""The coverage of a run is merged with that of others, whatever their command."""


def render(form: str, command: RunCommand) -> str:
    found = FindingReported(a_drift(), "curl x")
    return load_form(form)(
        a_record((RunStarted(URL, "page", 1, command=command), found, RunFinished(1, 9, 1.0)), claims=())
    )


@pytest.mark.parametrize("command", TITLES)
def test_html_page_has_the_title_of_the_run(command: RunCommand) -> None:
    page = render("html", command)
    assert f"<title>1 finding · {URL} · mockserver {command}</title>" in page
    assert (TITLES[command] in page) == (command != "check")


@pytest.mark.parametrize("command", TITLES)
def test_junit_document_has_the_name_and_the_title_of_the_run(command: RunCommand) -> None:
    root = Xml.fromstring(render("junit", command).encode())
    properties = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert (root.get("name"), properties["title"]) == (f"mockserver {command}", TITLES[command])


@pytest.mark.parametrize("command", TITLES)
def test_json_report_has_the_command(command: RunCommand) -> None:
    assert json.loads(render("json", command))["command"] == command


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {WITHOUT_TITLE}))
@pytest.mark.parametrize("command", ["drift", "calibrate"])
def test_report_of_a_comparison_is_not_called_a_check(form: str, command: RunCommand) -> None:
    text = render(form, command)
    assert command in text
    assert not [words for words in ("Check of", "Checking", "mockserver check", "Contract check") if words in text]


def test_console_names_the_comparison() -> None:
    progress = io.StringIO()
    report = ConsoleReport(a_record(()), Redaction([]), result=io.StringIO(), progress=progress)
    report.handle(RunStarted(URL, "page", 1, is_strict=True, command="drift"))
    report.close()
    assert progress.getvalue() == f"Drift: comparison of {URL} with the mock, profile page, strict, seed 1\n"


def test_drift_without_findings_says_that_the_target_answers_as_the_mock_does() -> None:
    events = (RunStarted(URL, "page", 1, command="drift"), RunFinished(0, 9, 1.0))
    assert "The target answered as the mock does." in load_form("html")(a_record(events, claims=()))
