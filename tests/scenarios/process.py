"""`mockserver serve` as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVE: Final = (sys.executable, "-m", "mockserver", "serve")
PATIENCE: Final = 30.0
"""The test fails if a process takes longer to end, in seconds."""


@dataclass(slots=True)
class Served:
    """A running server; `started` is its output until it served."""

    process: subprocess.Popen[str]
    started: str
    errors: Path

    @property
    def url(self) -> str:
        """The URL that `--quiet` prints."""
        return self.started.strip()

    def kill(self) -> None:
        """Kill it at once."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(
    folder: Path, *arguments: str, last_line: str = "http://", environ: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """A server on a free port, after the output that it prints once it serves."""
    errors = folder / "stderr.txt"
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [*SERVE, "--port", "0", *arguments],
            cwd=folder,
            env={**os.environ, **(environ or {})},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            started = ""
            for line in process.stdout:
                started += line
                if last_line in line:
                    break
            assert last_line in started, errors.read_text()
            yield Served(process, started, errors)
        finally:
            process.kill()


def refused_start(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """The sentence of a refused start."""
    ended = subprocess.run(
        [*SERVE, *arguments],
        cwd=folder,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("mockserver: ")
    return sentence
