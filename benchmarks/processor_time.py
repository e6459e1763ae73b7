"""The processor time of a process, all its threads together.

Linux counts nanoseconds per thread. macOS counts hundredths of a second per process. Elsewhere there is no figure.
A thread that ends during a measurement takes its time with it; the measured servers keep their threads.
"""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


def processor_seconds(pid: int, *, proc: Path = PROC) -> float | None:
    """The seconds that the threads of a process ran; None where the system has no fine count."""
    counts = []
    for path in (proc / str(pid) / "task").glob("*/schedstat"):
        with suppress(OSError):  # the thread has ended since
            counts.append(int(path.read_text().split()[0]))
    if counts:
        return sum(counts) / 1e9
    return parse_ps_time(_ps_time(pid))


def parse_ps_time(text: str) -> float | None:
    """The seconds of `minutes:seconds.hundredths`; None for a time in whole seconds, which is too coarse."""
    found = re.fullmatch(r"(\d+):(\d\d\.\d\d)", text.strip())
    return int(found[1]) * 60 + float(found[2]) if found else None


def _ps_time(pid: int) -> str:
    try:
        return subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True).stdout
    except OSError:
        return ""
