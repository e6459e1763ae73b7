"""The step summary is the Markdown report at the end of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from mockserver_contracts.reports.github.step_summary import StepSummaryReport
from mockserver_contracts.reports.markdown.report import render_markdown
from mockserver_contracts.results.events import RunFinished

from tests.contracts.reports.runs import a_record

OVER = RunFinished(0, 9, 1.0)


def write(file: Path) -> str:
    report = StepSummaryReport(a_record(()), file)
    report.handle(OVER)
    report.close()
    return render_markdown(a_record((OVER,)))


def test_summary_is_appended(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    text = write(file)
    assert file.read_text("utf-8") == text
    write(file)
    assert file.read_text("utf-8") == f"{text}\n{text}"


def test_summary_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "gone" / "summary.md")
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"The step summary {tmp_path}/gone/summary.md was not written: No such file or directory.\n"
