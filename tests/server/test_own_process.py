"""A mock in a process of its own, as the fixture's is."""

from __future__ import annotations

import _thread
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import mockserver
from mockserver.client.http_client import HttpClient, NoAnswer
from mockserver.contract import ContractError
from mockserver.server import PortTaken, bound_socket
from mockserver.settings import SettingError
from mockserver.store import StoreError


def test_time_of_this_process_is_not_that_of_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    with mockserver.running(store="memory", own_process=True) as mock:
        monkeypatch.setattr(time, "time", lambda: 2_051_222_400.0)
        account = mock.account()
        account.create()
        assert account.clock.now.year == datetime.now(UTC).year


def test_settings_reach_the_other_process() -> None:
    with mockserver.running(
        store="memory", own_process=True, profile="python-sample", session_ttl="30m", prices={"llm": 2}
    ) as mock:
        account = mock.account()
        session = account.create(amount=5)
        lifetime = datetime.fromisoformat(session["expires_at"]) - datetime.fromisoformat(session["created_at"])
        assert lifetime.total_seconds() == 1800


@pytest.mark.parametrize("own_process", [True, False])
def test_several_workers_are_refused(own_process: bool) -> None:
    refused = pytest.raises(SettingError, match="workers is 3; 1 is needed: only `mockserver serve` has several")
    with refused, mockserver.running(store="sqlite:///never.db", workers=3, own_process=own_process):
        pass


def test_mock_ends_with_the_block() -> None:
    with mockserver.running(store="memory", own_process=True) as mock:
        url = mock.url
    with pytest.raises(NoAnswer):
        HttpClient(url).send("GET", "/_mock/health")


def test_taken_port_is_the_same_error() -> None:
    with bound_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(PortTaken, match=f"port {port}"),
            mockserver.running(store="memory", own_process=True, port=port),
        ):
            pass


def test_refused_settings_are_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unknown store"), mockserver.running(store="nowhere", own_process=True):
        pass
    broken = tmp_path / "broken.yaml"
    broken.write_text("no: document")
    with (
        pytest.raises(ContractError, match=r"OpenAPI 3\.0, 3\.1 or 3\.2"),
        mockserver.running(store="memory", own_process=True, spec=broken),
    ):
        pass


def test_process_without_settings_reports_nothing() -> None:
    program = "from mockserver.server.child_process import serve; serve(1, None)"
    for settings in (b"", b"\x80"):
        done = subprocess.run([sys.executable, "-c", program], input=settings, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_mock_ends_with_a_process_that_is_killed() -> None:
    program = (
        "import mockserver, os, signal\n"
        "with mockserver.running(store='memory', own_process=True) as mock:\n"
        "    print(mock.url, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    url = done.stdout.strip()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            HttpClient(url, seconds=1).send("GET", "/_mock/health")
        except NoAnswer:
            return
    raise AssertionError("the mock still serves")


def test_mock_is_a_process_where_threads_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As gevent replaces them."""
    start, before = _thread.start_new_thread, {*threading.enumerate()}
    monkeypatch.setattr(_thread, "start_new_thread", lambda *args: start(*args))
    with mockserver.running() as mock:
        assert "videodb-mock" not in [thread.name for thread in {*threading.enumerate()} - before]
        assert HttpClient(mock.url).send("GET", "/_mock/health").status == 200
