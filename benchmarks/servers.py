"""The servers that are measured, each a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.load import REQUEST, Load

PATIENCE_SECONDS = 30.0


def free_port() -> int:
    """A port nobody listens at just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Subject:
    """A server: its name, and its command but for the port, which comes last."""

    name: str
    command: tuple[str, ...]

    @contextmanager
    def running(self) -> Iterator[Running]:
        """The server, from its start to its end."""
        port = free_port()
        started = time.perf_counter()
        # as installed packages are: with bytecode, which some environments forbid a checkout to write
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen([*self.command, str(port)], stdout=subprocess.DEVNULL, env=environ)
        try:
            yield Running(process, port, started)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    port: int
    started: float

    def first_answer_ms(self) -> float:
        """Milliseconds from the start of the process to the end of its first answer to a POST."""
        deadline = self.started + PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended before it answered")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as link:
                    link.sendall(REQUEST)
                    if link.recv(65_536).startswith(b"HTTP/1.1 200"):
                        return (time.perf_counter() - self.started) * 1000
                    raise RuntimeError("the first answer was not 200")
            except ConnectionRefusedError:
                time.sleep(0.001)  # not up yet: a poll, a fifth of a percent of what is measured
        raise RuntimeError("the server did not answer")

    def megabytes(self) -> float:
        """What it holds in memory now."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1024**2

    def load(self, *, requests: int, connections: int) -> Load:
        """The load's figures, from a process of its own."""
        command = [sys.executable, "-m", "benchmarks.load", str(self.port), str(requests), str(connections)]
        return Load(**json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
