"""A run in a workflow prints annotations and writes the step summary. No server can send a command to the runner."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results import events as run_events
from mockserver_contracts.results.verdict import ClaimVerdict

from mockserver.cli import main
from mockserver.cli.github_actions import guarded_output
from tests.contracts.reports.github.runner import obeyed
from tests.contracts.reports.runs import a_finding, a_record
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import closed_port, serving

INJECTION = "::set-output name=a::b ##[set-env name=PATH]/tmp " * 9
RUN = ("--fuzz-only",)


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a workflow; the file of its step summary."""
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-a-secret-of-somebody")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path / "summary.md"


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    """The URL of a server with defects."""
    with serving(Other("html_on_refusal")) as url:
        yield url


def test_annotations_come_after_the_result(summary: Path, faulty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", faulty, *RUN]) == 1
    lines = capsys.readouterr().out.splitlines()
    verdict = lines.index("no claim decided; exit 1")
    assert obeyed("\n".join(lines[:verdict])) == []
    read = obeyed("\n".join(lines[verdict:]))
    assert len(read) == len(lines) - verdict - 1 > 0
    assert {each.name for each in read} <= {"error", "warning", "notice"}
    assert summary.read_text("utf-8").startswith(f"## Check of `{faulty}`\n\n**no claim decided; exit 1**\n")


def test_summary_that_cannot_be_written_changes_no_exit_code(
    summary: Path, faulty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    summary.mkdir()
    assert main(["check", faulty, *RUN]) == 1
    output = capsys.readouterr()
    assert f"The step summary {summary} was not written: Is a directory.\n" in output.err
    assert "::error title=" in output.out


def test_outage_is_annotated(summary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", f"http://127.0.0.1:{closed_port()}"]) == 3
    [read] = obeyed(capsys.readouterr().out)
    assert (read.name, read.properties) == ("error", {"title": "The target could not be tested"})
    assert summary.read_text("utf-8").startswith("## Drift: comparison of `http://127.0.0.1")


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_run_elsewhere_has_neither(
    value: str, summary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a workflow the same outage has both, by the test above.
    monkeypatch.setenv("GITHUB_ACTIONS", value)
    assert main(["drift", f"http://127.0.0.1:{closed_port()}"]) == 3
    assert obeyed(capsys.readouterr().out) == []
    assert not summary.exists()


@pytest.mark.parametrize("colours", [{}, {"FORCE_COLOR": "1", "COLUMNS": "40"}])
def test_hostile_server_sends_no_command_by_the_console(
    colours: dict[str, str], summary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in colours.items():
        monkeypatch.setenv(name, value)
    text: Any = INJECTION
    finding = a_finding(title=text, operation=text, pointer=text, expected=text, actual=text)
    claim = ClaimVerdict("success-is-200", "openapi", text, True, "violated", text, (finding.id,))
    with guarded_output():
        report = ConsoleReport(a_record(()), Redaction([]), result=sys.stdout, progress=sys.stderr)
        for event in (
            run_events.RunStarted(text, text, 1),
            run_events.RunNote(text),
            run_events.ClaimDecided(claim),
            run_events.FindingReported(finding, f"curl {text}"),
            run_events.FindingAccepted(text, "a", "fuzz", text, text, text, text),
            run_events.FindingVanished(text, "b", text, text),
            run_events.CheckFailed(text, text),
            run_events.RunFinished(3, 9, 1.0, run_events.RunFailure(text, text), stopped=text),
        ):
            report.handle(event)
        report.close()
    output = capsys.readouterr()
    assert "set-output" in output.out
    assert "set-output" in output.err
    assert obeyed(output.out + output.err) == []


def test_message_of_an_error_is_no_command(summary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "##[set-output name=a]b"]) == 2
    output = capsys.readouterr().err
    assert "#\\x23[set-output name=a]b" in output
    assert obeyed(output) == []
