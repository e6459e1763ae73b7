"""`mockserver serve` as a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockserver.cli import main

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

    @property
    def workers(self) -> set[int]:
        """The numbers of the processes that it has started."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return {int(line) for line in found.stdout.split()}

    def kill(self) -> None:
        """Kill it at once."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
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
    """The sentence of a refused start, in a process of its own."""
    ended = subprocess.run(
        [*SERVE, *arguments],
        cwd=folder,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return _sentence(ended.returncode, ended.stdout, ended.stderr)


def refused_here(folder: Path, *arguments: str) -> str:
    """The sentence of a refused start, in this process: it takes a tenth of the time."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = main(["serve", *arguments])
    return _sentence(code, output.getvalue(), errors.getvalue())


def _sentence(code: int, output: str, errors: str) -> str:
    assert (code, output) == (2, ""), errors
    assert "Traceback" not in errors
    (sentence,) = errors.splitlines()
    assert sentence.startswith("mockserver: ")
    return sentence
