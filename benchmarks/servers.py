"""The measured servers, each in a process of its own."""

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
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class ServerCommand:
    """A server: its name, and its command but for the port, which comes last."""

    name: str
    command: tuple[str, ...]

    @contextmanager
    def running(self) -> Iterator[RunningServer]:
        """Start the server, and stop it at the end of the block."""
        port = free_port()
        started = time.perf_counter()
        # with bytecode, as for installed packages; some environments forbid writing it in a checkout
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen([*self.command, str(port)], stdout=subprocess.DEVNULL, env=environ)
        try:
            yield RunningServer(process, port, started)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    started: float

    def first_answer_ms(self) -> float:
        """Milliseconds from the start of the process to the end of its first answer to a POST."""
        deadline = self.started + PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the server stopped before its first answer")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as link:
                    link.sendall(REQUEST)
                    if link.recv(65_536).startswith(b"HTTP/1.1 200"):
                        return (time.perf_counter() - self.started) * 1000
                    raise RuntimeError("the first answer was not 200")
            except ConnectionRefusedError:
                time.sleep(0.001)  # not listening yet: the pause is a fifth of a percent of the measured time
        raise RuntimeError("the server did not answer")

    def megabytes(self) -> float:
        """The resident memory of the server."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1024**2

    def load(self, *, requests: int, connections: int) -> Load:
        """Run the load in a process of its own, and return its result."""
        command = [sys.executable, "-m", "benchmarks.load", str(self.port), str(requests), str(connections)]
        return Load(**json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
