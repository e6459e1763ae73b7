"""Workers on one file that are killed at work: every answered change is there, once, and the others serve on."""

from __future__ import annotations

import os
import random
import signal
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

import httpx
import pytest

from tests.auditor import Recorder
from tests.auditor.survey import survey
from tests.scenarios.process import PATIENCE, Served, serving
from tests.web.mock_client import Mock

KILLS: Final = int(os.environ.get("MOCKSERVER_TEST_KILLS", "3"))
CLIENTS: Final = 6
WORKERS: Final = 3


def buy(recorder: Recorder, url: str, key: str, is_over: threading.Event) -> None:
    """Create sessions and pay them, give and consume credits. A request to a killed worker has no answer."""
    with recorder.client(url, timeout=PATIENCE) as client:
        mock = Mock(client)
        while not is_over.is_set():
            with suppress(httpx.TransportError):
                mock.pay(mock.create(key=key, amount=5))
                mock.post("/_mock/credits", {"key": key, "credits": 1})
                mock.consume(2, key=key)


def kill_one(served: Served, before: set[int], chance: random.Random) -> None:
    """Kill a worker, and wait until another one has taken its place."""
    os.kill(chance.choice(sorted(before)), signal.SIGKILL)
    deadline = monotonic() + PATIENCE
    while len(served.workers) < WORKERS or served.workers == before:
        assert monotonic() < deadline, "no worker has taken the place of the killed one"


def wait_for(recorder: Recorder, requests: int) -> None:
    deadline = monotonic() + PATIENCE
    while recorder.requests < requests:
        assert monotonic() < deadline, "the workers do not answer"


@pytest.mark.long
def test_killed_workers_lose_no_answered_change_and_credit_once(sqlite: str, tmp_path: Path) -> None:
    recorder, is_over, chance = Recorder(), threading.Event(), random.Random(KILLS)
    keys = [f"sk-client-{number}" for number in range(CLIENTS)]
    with serving(tmp_path, "--store", sqlite, "--quiet", "--workers", str(WORKERS)) as served:
        clients = [threading.Thread(target=buy, args=(recorder, served.url, key, is_over)) for key in keys]
        for client_thread in clients:
            client_thread.start()
        try:
            for _ in range(KILLS):
                wait_for(recorder, recorder.requests + 100)
                kill_one(served, served.workers, chance)
            wait_for(recorder, recorder.requests + 100)
        finally:
            is_over.set()
            for client_thread in clients:
                client_thread.join(PATIENCE)
        assert served.interrupt() == 0
        # one that is killed before it serves cannot start
        assert len(served.errors.read_text().splitlines()) == KILLS
    recorder.settle()
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, recorder.client(served.url) as client:
        survey(client, *keys)
    recorder.audit().require()
