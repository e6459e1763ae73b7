"""The cost of coverage is measured in alternating turns."""

from __future__ import annotations

import pytest

from benchmarks.coverage_cost import main, measure


@pytest.mark.parametrize("different", [False, True])
def test_each_turn_has_a_time_without_and_with_coverage(different: bool) -> None:
    off, on = measure(3, different=different)
    assert len(off) == len(on) == 3
    assert min(*off, *on) > 0


def test_table_has_a_line_for_each_kind_of_bodies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--turns", "2"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["alike", "different"]
