"""`tools/wrk.sh` finds wrk, or says in one sentence what is missing."""

from __future__ import annotations

import os
import subprocess
from typing import Final

from tests.house.source import ROOT

TOOL: Final = ROOT / "tools" / "wrk.sh"


def _run(executable: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "MOCKSERVER_BENCH_WRK": executable}
    return subprocess.run([TOOL], env=environ, capture_output=True, text=True)


def test_named_executable_is_found() -> None:
    run = _run("sh")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_named_executable_that_does_not_exist_is_an_error_of_one_line() -> None:
    run = _run("no-such-wrk")
    assert run.returncode == 1
    expected = "tools/wrk.sh: MOCKSERVER_BENCH_WRK is 'no-such-wrk', which is not an executable program\n"
    assert run.stderr == expected
