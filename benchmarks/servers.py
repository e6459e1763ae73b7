"""The measured servers, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.load import run_load
from benchmarks.measurement import LoadMeasurement, StartMeasurement
from benchmarks.processor_time import processor_seconds
from benchmarks.workload import Workload

PATIENCE_SECONDS: Final = 30.0
FIRST_BODY: Final = b'{"amount": 50, "success_url": "https://shop.example/ok", "cancel_url": "https://shop.example/no"}'
FIRST_REQUEST: Final = (
    b"POST /billing/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: sk-bench\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(FIRST_BODY), FIRST_BODY)
)


@dataclass(frozen=True, slots=True)
class ServerCommand:
    """A command of a server, but for the port, which comes last."""

    command: tuple[str, ...]

    @contextmanager
    def running(self) -> Iterator[RunningServer]:
        """Start the server, and stop it at the end of the block."""
        port = free_port()
        started = time.perf_counter()
        process = subprocess.Popen([*self.command, str(port)], stdout=subprocess.DEVNULL, env=environment())
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

    def first_answer(self) -> StartMeasurement:
        """The time from the start of the process to the end of its first answer to a POST."""
        deadline = self.started + PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the server stopped before its first answer")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as link:
                    link.sendall(FIRST_REQUEST)
                    if not link.recv(65_536).startswith(b"HTTP/1.1 200"):
                        raise RuntimeError("the first answer was not 200")
            except ConnectionRefusedError:
                time.sleep(0.001)  # not listening yet: the pause is less than a percent of the measured time
                continue
            seconds = time.perf_counter() - self.started
            return StartMeasurement(seconds, processor_seconds(self.process.pid))
        raise RuntimeError("the server did not answer")

    def measure(self, workload: Workload, *, seconds: int, is_refused: bool) -> LoadMeasurement:
        """Run a load, and measure the processor time of the server meanwhile. Raises LoadError."""
        before = processor_seconds(self.process.pid)
        load = run_load(self.port, workload, seconds=seconds, is_refused=is_refused)
        after = processor_seconds(self.process.pid)
        used = None if before is None or after is None else (after - before) / load.requests
        return LoadMeasurement(load.per_second, load.p99_microseconds / 1e6, used)


def bare_command() -> ServerCommand:
    """The baseline."""
    return ServerCommand((sys.executable, "-m", "benchmarks.bare_app"))


def insert_command(address: str) -> ServerCommand:
    """The baseline of the store in PostgreSQL."""
    return ServerCommand((sys.executable, "-m", "benchmarks.postgres_app", address))


def mock_command(store: str) -> ServerCommand:
    """The mock with a store."""
    return ServerCommand((sys.executable, "-m", "mockserver", "serve", "--quiet", "--store", store, "--port"))


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    """The environment of a server: bytecode as for installed packages, and no settings of the mock."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("MOCKSERVER_")
    }
