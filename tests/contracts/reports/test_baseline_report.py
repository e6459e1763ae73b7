"""The report of `--update-baseline` writes the baseline at the end of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.reports.baseline_report import BaselineReport
from mockserver_contracts.reports.redaction.redaction import MARK, Redaction
from mockserver_contracts.results.events import FindingAccepted, FindingVanished, RunEvent, RunFailure, RunFinished

from tests.contracts.baseline.files import TEXT, TODAY, A, B, C
from tests.contracts.reports.runs import HOSTILE
from tests.contracts.runs import KEY


def an_update(file: Path, *events: RunEvent, redaction: Redaction | None = None) -> BaselineReport:
    baseline = Baseline.read(file, TODAY) if file.exists() else Baseline.empty(file, TODAY)
    report = BaselineReport(baseline, redaction or Redaction([KEY]))
    for event in events:
        report.handle(event)
    return report


def an_acceptance(id_: str = C, **changes: Any) -> FindingAccepted:
    parts: dict[str, Any] = {
        "operation": "GET /a",
        "title": "New",
        "reason": "To be explained",
        "check": "a-check",
        **changes,
    }
    return FindingAccepted("accepted.yaml", id_, "claim", since=TODAY, **parts)


OVER: Final = RunFinished(0, 1, 0.1)


def test_update_merges_into_the_present_text_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(f"accepted:\n- id: {A}\n")
    report = an_update(
        file, an_acceptance(is_new=True), an_acceptance(B), FindingVanished("accepted.yaml", A, "", ""), OVER
    )
    file.write_text(f"accepted:\n- id: {A}\n- id: {B}\n  reason: Just explained\n")
    report.close()
    merged = Baseline.read(file, TODAY).entries
    assert merged == (BaselineEntry(B, reason="Just explained"), BaselineEntry(C, "New", "To be explained", TODAY))


def test_entry_removed_by_hand_during_the_run_stays_removed(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(f"accepted:\n- id: {A}\n- id: {B}\n")
    report = an_update(file, an_acceptance(A), an_acceptance(B), OVER)
    file.write_text(f"accepted:\n- id: {B}\n")
    report.close()
    assert file.read_text() == f"accepted:\n- id: {B}\n"


@pytest.mark.parametrize(
    "end", [(), (RunFinished(3, 1, 0.1, RunFailure("died", "it died")),)], ids=["broken off", "died"]
)
def test_failed_run_writes_no_baseline(tmp_path: Path, end: tuple[RunEvent, ...]) -> None:
    an_update(tmp_path / "accepted.yaml", an_acceptance(is_new=True), *end).close()
    assert list(tmp_path.iterdir()) == []


def test_update_without_findings_makes_an_empty_file(tmp_path: Path) -> None:
    an_update(tmp_path / "accepted.yaml", OVER).close()
    assert Baseline.read(tmp_path / "accepted.yaml", TODAY).entries == ()


def test_update_without_changes_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(TEXT)
    before = file.stat()
    an_update(file, an_acceptance(A), OVER).close()
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    report = an_update(file, an_acceptance(is_new=True), OVER)
    file.write_text("accepted: [")
    with pytest.raises(OSError, match="this is not YAML"):
        report.close()
    assert file.read_text() == "accepted: ["


def test_title_of_a_hostile_server_shows_no_key_and_breaks_no_file(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    an_update(file, an_acceptance(title=f"{KEY} {HOSTILE}", is_new=True), OVER).close()
    text = file.read_text("utf-8")
    assert KEY not in text
    assert not set("\x1b\x07\u202e\u2066") & set(text)
    [entry] = Baseline.read(file, TODAY).entries
    assert entry.title.startswith(f"{MARK} <script>")
