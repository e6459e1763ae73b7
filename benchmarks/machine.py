"""The circumstances of a run: machine, versions, commit and date."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.load import wrk_version

ROOT: Final = Path(__file__).resolve().parents[1]
CPU_INFO: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The circumstances of a run. The load average is of the minute before it."""

    date: str
    commit: str
    processor: str
    cores: int
    system: str
    python: str
    uvicorn: str
    load_generator: str
    load_average: float


def circumstances() -> Circumstances:
    """The circumstances as they are now."""
    return Circumstances(
        date=datetime.now(UTC).date().isoformat(),
        commit=_commit(),
        processor=_processor(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        uvicorn=version("uvicorn"),
        load_generator=wrk_version(),
        load_average=round(os.getloadavg()[0], 1),
    )


def _processor() -> str:
    """The name of the processor: Linux lists it, macOS has a command."""
    if CPU_INFO.is_file() and (found := re.search(r"^model name\s*: (.+)$", CPU_INFO.read_text(), re.MULTILINE)):
        return found[1].strip()
    return _output("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()


def _commit() -> str:
    """The short name of the commit; a plus sign stands for uncommitted changes."""
    commit = _output("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD") or "unknown"
    return commit + ("+" if _output("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no") else "")


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
