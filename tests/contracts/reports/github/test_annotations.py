"""The annotations of a workflow: their number, their text, and hostile text in them."""

from __future__ import annotations

import io

import pytest
from mockserver_contracts.reports.github.annotations import MOST, AnnotationReport
from mockserver_contracts.results import events as run_events

from tests.contracts.reports.github.runner import Obeyed, obeyed
from tests.contracts.reports.runs import HOSTILE, a_drift, a_finding, a_hostile_run, a_record
from tests.contracts.runs import KEY

OVER = run_events.RunFinished(exit_code=1, requests_sent=3, duration=1.5)
INJECTION = (
    "x\n::set-output name=a::b\r\n::stop-commands::t\n##[set-env name=PATH]/tmp ::error::, title=y%0A::warning::z"
)


def found(**changes: object) -> run_events.FindingReported:
    return run_events.FindingReported(a_finding(**changes), f"curl {KEY}")


def lines(*events: run_events.RunEvent) -> list[str]:
    stream = io.StringIO()
    report = AnnotationReport(a_record(()), stream)
    for event in events:
        report.handle(event)
    assert stream.getvalue() == ""
    report.close()
    return stream.getvalue().splitlines()


def read_annotations(*events: run_events.RunEvent) -> list[Obeyed]:
    printed = lines(*events)
    read = obeyed("\n".join(printed))
    assert len(read) == len(printed)
    return read


def test_finding_is_an_annotation_of_its_level() -> None:
    read = read_annotations(*(found(severity=each, cause=each) for each in ("info", "warning", "error")), OVER)
    assert [each.name for each in read] == ["error", "warning", "notice"]
    assert read[0].properties == {"title": "Server error"}
    assert read[0].text.splitlines()[1:] == ["Expected: no 5xx", "Actual: 500", "curl [redacted]"]
    assert read[0].text.startswith("GET /a [fuzz-")


def test_encoding_is_the_documented_one() -> None:
    [line] = lines(found(title="50%, a: b", expected="1%\n2", actual="a,b:c"), OVER)
    assert line.startswith("::error title=50%25%2C a%3A b::GET /a [fuzz-")
    assert "]%0AExpected: 1%25\\n2%0AActual: a,b:c%0Acurl [redacted]" in line


def test_drift_has_the_mock_and_the_target_as_its_sides() -> None:
    [read] = read_annotations(run_events.FindingReported(a_drift(), "curl x"), OVER)
    assert read.text.splitlines()[1:3] == ["Mock: 400", "Target: 422"]


@pytest.mark.parametrize("number", [MOST, MOST + 1, 500])
def test_level_has_at_most_ten_annotations_and_the_rest_is_counted(number: int) -> None:
    read = read_annotations(*(found(cause=str(each)) for each in range(number)), found(severity="info"), OVER)
    assert [each.name for each in read] == ["error"] * MOST + ["notice"]
    last = {"title": f"{number - MOST + 1} more annotations of this level"} if number > MOST else read[0].properties
    assert read[MOST - 1].properties == last


def test_outage_failed_check_and_incomplete_run_are_annotations() -> None:
    outage = run_events.RunFinished(3, 0, 0.1, run_events.RunFailure("unreachable", "nothing listens"))
    assert read_annotations(outage) == [
        Obeyed("error", {"title": "The target could not be tested"}, "unreachable: nothing listens")
    ]
    failure = run_events.RunFailure("check_failed", "failed to run: rule-a")
    end = run_events.RunFinished(3, 9, 0.1, failure, stopped="the time budget is spent")
    assert read_annotations(run_events.CheckFailed("rule-a", "KeyError"), end) == [
        Obeyed("error", {"title": "Failed to run: rule-a"}, "KeyError"),
        Obeyed("warning", {"title": "Incomplete"}, "the time budget is spent"),
    ]


def test_clean_run_has_no_annotation() -> None:
    assert lines(run_events.RunFinished(0, 9, 1.0)) == []


@pytest.mark.parametrize("text", [INJECTION, HOSTILE])
def test_hostile_text_makes_no_command_of_its_own(text: str) -> None:
    failure = run_events.RunFailure(text, text)
    operation = text.replace("\ud800", "")
    read = read_annotations(
        run_events.RunStarted(text, text, 1),
        found(title=text, operation=operation, expected=text, actual=text),
        run_events.FindingReported(a_finding(title=text, severity="info"), f"curl {text}"),
        run_events.RunFinished(3, 9, 0.1, failure, stopped=text),
    )
    assert [(each.name, set(each.properties)) for each in read] == [
        ("error", {"title"}),
        ("error", {"title"}),
        ("warning", {"title"}),
        ("notice", {"title"}),
    ]


def test_ascii_stream_gets_ascii_alone() -> None:
    class Old(io.StringIO):
        encoding = "ascii"

    stream = Old()
    report = AnnotationReport(a_record(a_hostile_run()), stream)
    report.close()
    stream.getvalue().encode("ascii")
