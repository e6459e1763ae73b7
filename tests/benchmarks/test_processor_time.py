"""The processor time of a process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from benchmarks.processor_time import parse_ps_time, processor_seconds


def test_processor_time_is_the_sum_of_all_threads(tmp_path: Path) -> None:
    for thread, nanoseconds in {"7": 1_500_000_000, "8": 250_000_000}.items():
        folder = tmp_path / "7" / "task" / thread
        folder.mkdir(parents=True)
        (folder / "schedstat").write_text(f"{nanoseconds} 99 3\n")
    assert processor_seconds(7, proc=tmp_path) == 1.75


@pytest.mark.skipif(processor_seconds(os.getpid()) is None, reason="this system has no fine count")
def test_busy_process_uses_processor_time() -> None:
    before = processor_seconds(os.getpid())
    end = time.thread_time() + 0.02
    while time.thread_time() < end:
        pass
    after = processor_seconds(os.getpid())
    assert before is not None
    assert after is not None
    assert after - before >= 0.01


@pytest.mark.parametrize(("text", "seconds"), [("  0:01.52\n", 1.52), ("123:45.67", 7425.67)])
def test_time_of_ps_with_hundredths_is_parsed(text: str, seconds: float) -> None:
    assert parse_ps_time(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["00:00:12", "12:34", "", "1-02:03:04"])
def test_time_of_ps_in_whole_seconds_is_no_figure(text: str) -> None:
    assert parse_ps_time(text) is None
