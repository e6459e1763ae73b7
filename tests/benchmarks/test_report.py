"""Medians, ratios, and the table of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from benchmarks.__main__ import cases_of
from benchmarks.machine import Circumstances
from benchmarks.measurement import Figure, LoadMeasurement, Row, Spread, StartMeasurement, load_row, start_row
from benchmarks.report import HEAD, Report
from tests.docs.markdown import MarkdownPage

AT: Final = Circumstances("2030-01-02", "abc1234", "Some CPU", 2, "Linux 6.1", "3.11.9", "0.54.0", "wrk 4.1.0", 0.5)
OWN: Final = [LoadMeasurement(2_000.0, 0.008, 400e-6), LoadMeasurement(1_000.0, 0.016, 600e-6)]
BASE: Final = [LoadMeasurement(8_000.0, 0.002, 100e-6), LoadMeasurement(8_000.0, 0.002, 100e-6)]
LOADED: Final = load_row("mock", OWN, BASE)
STARTED: Final = start_row("mock: cold start", [StartMeasurement(0.3, 0.25)], [StartMeasurement(0.2, 0.125)])


def _report(*rows: Row, notes: tuple[str, ...] = ()) -> Report:
    return Report(rows, AT, rounds=2, seconds=3, starts=1, notes=notes)


def test_spread_has_the_median_and_the_ends() -> None:
    assert Spread.of([3.0, 1.0, 7.0]) == Spread(3.0, 1.0, 7.0)


def test_ratio_is_of_measurements_of_one_round() -> None:
    figure = Figure.of("ms", [10.0, 40.0, 90.0], [10.0, 20.0, 30.0])
    assert figure is not None
    assert figure.ratio == Spread(2.0, 1.0, 3.0)


def test_figure_needs_each_of_its_numbers() -> None:
    assert Figure.of("us", [1.0, None], [1.0, 1.0]) is None
    assert Figure.of("us", [1.0, 1.0], [None, 1.0]) is None


def test_table_has_a_line_for_each_row() -> None:
    table = _report(LOADED, STARTED).markdown().partition("\n\n")[0].splitlines()
    assert table[2:] == [
        "| mock | 500 us | 5.00 (4.00 to 6.00) | 1,500 requests/s | 0.19 (0.12 to 0.25) | 12.0 ms |",
        "| mock: cold start | 250 ms | 2.00 (2.00 to 2.00) | 300 ms | 1.50 (1.50 to 1.50) | - |",
    ]
    assert {line.count("|") for line in table} == {7}


def test_report_names_machine_commit_date_and_notes() -> None:
    text = _report(LOADED, notes=("Prism was not measured.",)).markdown()
    for part in ("2030-01-02, commit abc1234", "Some CPU, 2 cores", "2 rounds of 3 s", "Prism was not measured."):
        assert part in text


def test_missing_processor_time_is_a_note() -> None:
    loads = [LoadMeasurement(2_000.0, 0.008, None)]
    text = _report(load_row("mock", loads, loads)).markdown()
    assert "| mock | - | - | 2,000 requests/s |" in text
    assert "no fine count of processor time" in text
    assert "no fine count" not in _report(LOADED).markdown()


def test_report_without_rows_has_no_table() -> None:
    text = _report().markdown()
    assert HEAD[0] not in text
    assert "no fine count" not in text
    assert "commit abc1234" in text


def test_json_has_all_figures() -> None:
    saved = json.loads(_report(LOADED, STARTED).json())
    assert saved["rows"][0]["processor"]["ratio"] == {"median": 5.0, "lowest": 4.0, "highest": 6.0}
    assert saved["circumstances"]["commit"] == "abc1234"
    assert (saved["rounds"], saved["connections"]) == (2, 16)


def test_handbook_shows_a_table_of_this_form_with_each_case(tmp_path: Path) -> None:
    text = MarkdownPage("docs/performance.md").text
    assert "\n".join(HEAD) in text
    cases, _ = cases_of(tmp_path, with_peers=False)
    assert [case.name for case in cases if f"\n| {case.name} |" not in text] == []
