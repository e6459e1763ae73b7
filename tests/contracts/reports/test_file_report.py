"""A report file is written whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from mockserver_contracts.reports.file_report import FileReport
from mockserver_contracts.results.events import (
    RunStarted,
)

from tests.contracts.reports.runs import (
    a_record,
)


def test_report_can_be_written_into_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text("utf-8")))
    reader.start()
    FileReport("json", pipe, a_record((RunStarted("mock", "page", 1),))).close()
    reader.join(10)
    assert json.loads(got[0])["target"] == "mock"
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


def test_unwritable_report_leaves_no_partial_file(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(FileNotFoundError):
        FileReport("html", folder / "report.html", a_record(())).close()
    assert list(tmp_path.iterdir()) == []
