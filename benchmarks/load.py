"""Load: wrk sends requests over keep-alive connections, each the next one after the answer to the last.

Rule 1: no two bodies are alike, in one load and between loads; `requests.lua` writes them.
Rule 2: a load with an unexpected answer gives no result.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.workload import Workload

CONNECTIONS: Final = 16
WRK: Final = os.environ.get("MOCKSERVER_BENCH_WRK") or "wrk"
SCRIPT: Final = Path(__file__).with_name("requests.lua")
PATIENCE_SECONDS: Final = 30

_numbers = itertools.count(int(time.time()))


class LoadError(Exception):
    """wrk gave no result, or some answers are not those of the workload; the message says which."""


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load, as wrk counts it. An answer with a status of 400 or more is refused."""

    requests: int
    microseconds: int
    p99_microseconds: int
    refused: int
    socket_errors: int

    @property
    def per_second(self) -> float:
        """Answered requests per second."""
        return self.requests / self.microseconds * 1e6


def run_load(port: int, workload: Workload, *, seconds: int, is_refused: bool) -> Load:
    """Send the requests of a workload; the server accepts all of them or refuses all. Raises LoadError."""
    options = ["--threads", "1", "--connections", str(CONNECTIONS), "--timeout", str(PATIENCE_SECONDS)]
    command = [WRK, *options, "--duration", str(seconds), "--latency", "--script", str(SCRIPT)]
    arguments = [f"http://127.0.0.1:{port}/", "--", workload, str(next(_numbers))]
    run = subprocess.run([*command, *arguments], capture_output=True, text=True)
    load = parse_load(run.stdout + run.stderr)
    require_answers(load, workload, is_refused=is_refused)
    return load


def parse_load(output: str) -> Load:
    """The result in wrk's output: its last line in braces, which `requests.lua` prints. Raises LoadError."""
    lines = re.findall(r"^\{.*\}$", output, re.MULTILINE)
    if not lines:
        raise LoadError(f"wrk printed no result: {output.strip() or 'nothing'}")
    return Load(**json.loads(lines[-1]))


def require_answers(load: Load, workload: Workload, *, is_refused: bool) -> None:
    """Raise LoadError unless the server answered, and refused all requests or none."""
    expected = load.requests if is_refused else 0
    if not load.requests or load.socket_errors or load.refused != expected:
        raise LoadError(
            f"{workload}: {load.requests} answers, {load.refused} of them refused, {load.socket_errors} socket errors; "
            f"{expected} refused answers and no socket error are right"
        )


def wrk_version() -> str:
    """The name and version of the load generator."""
    run = subprocess.run([WRK, "--version"], capture_output=True, text=True)  # it prints its usage, too
    found = re.search(r"wrk \S*?(\d[\w.-]*)", run.stdout + run.stderr)
    return f"wrk {found[1]}" if found else WRK
