"""The supervisor of several processes. tests/cli/serve has the command that uses it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mockserver.server import bound_socket, url_of
from mockserver.server import workers as supervision
from mockserver.server.workers import Workers
from mockserver.settings import Settings

PATIENCE = 30.0


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[tuple[Workers, str]]:
    """Two running processes and their URL."""
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db?shared=true", workers=2, quiet=True)
    with bound_socket("127.0.0.1", 0) as listening:
        running = Workers(settings, listening)
        assert running.start()
        thread = threading.Thread(target=running.run)
        thread.start()
        yield running, url_of(listening)
        running.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_worker_that_is_suspended_is_replaced(
    workers: tuple[Workers, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running, url = workers
    monkeypatch.setattr(supervision, "MOST_SILENT", 3)
    suspended, other = running.pids
    os.kill(suspended, signal.SIGSTOP)
    deadline = time.monotonic() + PATIENCE
    while (suspended in running.pids or "takes its place" not in caplog.text) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert other in running.pids
    assert [record.message for record in caplog.records] == [
        f"worker {suspended} does not respond for 3 s; it is killed",
        f"worker {suspended} ended with exit code -9; another one takes its place",
    ]
    assert httpx.get(f"{url}/_mock/health").status_code == 200


def test_workers_that_respond_are_left_alone(
    workers: tuple[Workers, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running, _ = workers
    monkeypatch.setattr(supervision, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(supervision, "MOST_SILENT", 60)
    before = running.pids
    time.sleep(4)
    assert running.pids == before
    assert caplog.records == []
