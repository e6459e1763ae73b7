"""Several processes that serve one port, on one file or one schema of PostgreSQL."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from mockserver.cli import main
from mockserver.store import open_store
from mockserver.store.sqlite.sharing import write_turn
from tests.matrix import long_but
from tests.scenarios.process import SERVE, Served, serving
from tests.store.backends import BACKENDS

KEY = {"x-access-token": "sk-workers"}
HANGUP = pytest.param(
    signal.SIGHUP,
    marks=pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="these tests run under nohup"),
)
PATIENCE = 20.0
"""The time for a process to be replaced or to end, in seconds; it takes a fraction of it."""


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """Two processes on a store of each kind."""
    store = BACKENDS[request.param].address(tmp_path)
    with serving(tmp_path, "--store", store, "--quiet", "--workers", "2") as running:
        yield running


def orders(served: Served, count: int) -> list[str]:
    """The sessions of orders that were answered, each on a connection of its own: the kernel picks the process."""
    answered = []
    for _ in range(count):
        with suppress(httpx.TransportError):  # the process died before it answered
            answer = httpx.post(f"{served.url}/billing/checkout", json={"amount": 1}, headers=KEY)
            answered.append(answer.json()["id"])
    return answered


def listed(served: Served) -> set[str]:
    answer = httpx.get(f"{served.url}/_mock/sessions", params={"key": KEY["x-access-token"], "limit": "1000"})
    return {session["id"] for session in answer.json()["sessions"]}


def test_workers_serve_one_state(served: Served) -> None:
    assert len(served.workers) == 2
    answered = orders(served, 20)
    assert len(answered) == 20
    assert [listed(served) for _ in range(6)] == [set(answered)] * 6


def test_killed_worker_is_replaced_and_nothing_answered_is_lost(served: Served) -> None:
    before = served.workers
    answered = orders(served, 5)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    answered += orders(served, 20)
    deadline = time.monotonic() + PATIENCE
    while len(served.workers - {killed}) < 2 and time.monotonic() < deadline:
        answered += orders(served, 1)
    assert len(served.workers - {killed}) == 2
    assert set(answered) <= listed(served)
    text = served.errors.read_text()
    assert f"worker {killed} ended with exit code -9; another one takes its place" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("number", long_but(signal.SIGTERM, of=[signal.SIGINT, signal.SIGTERM, HANGUP]))
def test_signal_ends_every_worker(served: Served, number: signal.Signals) -> None:
    workers = served.workers
    orders(served, 2)
    assert served.interrupt(number) == 0
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert served.errors.read_text() == ""


@pytest.mark.parametrize("number", long_but(signal.SIGINT, of=[signal.SIGINT, signal.SIGTERM]))
def test_signal_to_a_worker_replaces_it_without_a_traceback(served: Served, number: signal.Signals) -> None:
    ended = min(served.workers)
    os.kill(ended, number)
    deadline = time.monotonic() + PATIENCE
    while (len(served.workers - {ended}) < 2 or not errors_of(served)) and time.monotonic() < deadline:
        time.sleep(0.05)
    [line] = errors_of(served)
    assert line.startswith(f"ERROR: worker {ended} ended with exit code ")


def errors_of(served: Served) -> list[str]:
    return served.errors.read_text().splitlines()


def test_workers_end_with_a_parent_that_is_killed(served: Served) -> None:
    workers = served.workers
    served.kill()
    deadline = time.monotonic() + PATIENCE
    while workers and time.monotonic() < deadline:
        workers = {pid for pid in workers if Path(f"/proc/{pid}").exists()}
    assert workers == set()


def refusal(capfd: pytest.CaptureFixture[str], *flags: str) -> str:
    assert main(["serve", "--port", "0", "--workers", "2", *flags]) == 2
    output = capfd.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    return output.err


@pytest.mark.parametrize("store", ["memory", "memory?sessions=5"])
def test_store_of_one_process_is_refused(capfd: pytest.CaptureFixture[str], store: str) -> None:
    assert refusal(capfd, "--store", store) == (
        f"mockserver: --workers is 2, and one process alone can have the store {store};"
        " give --store sqlite:///… or postgresql://… to share it\n"
    )


def test_file_of_another_server_is_refused_in_one_sentence(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/mock.db"
    with closing(open_store(address)):
        assert refusal(capfd, "--store", address) == (
            f"mockserver: the store {tmp_path}/mock.db is in use by another server;"
            " stop that one, or give --store another path\n"
        )


@contextmanager
def starting(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A server whose workers wait for a file that another program writes, and what it reports."""
    path = folder / "mock.db"
    open_store(f"sqlite:///{path}").close()
    errors = folder / "errors.txt"
    command = [*SERVE, "--port", "0", "--quiet", "--workers", "2", "--store", f"sqlite:///{path}"]
    with closing(sqlite3.connect(path, isolation_level=None)) as other, errors.open("w") as stderr:
        other.execute("BEGIN IMMEDIATE")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr) as process:
            deadline = time.monotonic() + PATIENCE
            while len(children(process)) < 2 and time.monotonic() < deadline:
                pass
            yield process, errors


def children(process: subprocess.Popen[bytes]) -> set[int]:
    return Served(process, "", Path()).workers  # type: ignore[arg-type]


@pytest.mark.parametrize("number", long_but(signal.SIGINT, of=[signal.SIGINT, signal.SIGTERM]))
def test_signal_at_the_start_waits_for_no_worker(tmp_path: Path, number: signal.Signals) -> None:
    with starting(tmp_path) as (process, errors):
        workers = children(process)
        process.send_signal(number)
        assert process.wait(write_turn.PATIENCE_SECONDS / 2) == 0
        assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert errors.read_text() == ""


def test_file_that_is_being_written_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with starting(tmp_path) as (process, errors):
        assert process.wait(1.8 * write_turn.PATIENCE_SECONDS) == 2  # once, not once for each worker
    assert errors.read_text() == (
        f"mockserver: the store {tmp_path}/mock.db is being written by another process for seconds;"
        " look whether that one hangs\n"
    )


def test_worker_that_starts_for_a_killed_parent_reports_nothing(tmp_path: Path) -> None:
    with starting(tmp_path) as (process, errors):
        workers = children(process)
        process.kill()
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline
    assert errors.read_text() == ""


def test_journal_and_faults_of_all_workers_are_one(served: Served) -> None:
    orders(served, 20)
    for _ in range(6):
        answer = httpx.get(f"{served.url}/_mock/requests", params={"limit": "1000"})
        deadline = time.monotonic() + PATIENCE
        while len(answer.json()["requests"]) < 20 and time.monotonic() < deadline:
            answer = httpx.get(f"{served.url}/_mock/requests", params={"limit": "1000"})
        assert [each["id"] for each in answer.json()["requests"]] == list(range(20, 0, -1))
    httpx.post(f"{served.url}/_mock/faults", json={"then": {"status": 503}, "times": 3}).raise_for_status()
    statuses = [httpx.get(f"{served.url}/billing/usage", headers=KEY).status_code for _ in range(12)]
    assert statuses == [503] * 3 + [200] * 9


def test_unreachable_store_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    assert "hidden" not in refusal(capfd, "--store", "postgresql://me:hidden@127.0.0.1:1/db")


def test_defective_mock_has_one_process(capfd: pytest.CaptureFixture[str]) -> None:
    error = refusal(capfd, "--store", "postgresql://db/mock", "--defect", "paying-at-once-credits-twice")
    assert "--workers and --defect exclude each other" in error


def test_mock_that_counts_its_coverage_has_one_process(capfd: pytest.CaptureFixture[str]) -> None:
    error = refusal(capfd, "--store", "postgresql://db/mock", "--coverage")
    assert "--workers and --coverage exclude each other: each process would count its own requests" in error
