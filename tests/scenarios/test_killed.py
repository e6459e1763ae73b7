"""A server that is killed at work: after its restart every answered change is there, once."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

import httpx

from tests.auditor import Recorder
from tests.auditor.survey import survey
from tests.scenarios.process import PATIENCE, serving
from tests.web.mock_client import Mock

KILLS: Final = int(os.environ.get("MOCKSERVER_TEST_KILLS", "3"))
CLIENTS: Final = 4


def buy(recorder: Recorder, url: str, key: str, number: int, *, enough: int, is_enough: threading.Event) -> None:
    """Create sessions, pay every second one, give and consume credits, until the server is gone."""
    with recorder.client(url, timeout=PATIENCE) as client:
        mock = Mock(client)
        try:
            while True:
                name = mock.create(key=key, amount=5 + number)
                if recorder.requests % 2:
                    mock.pay(name)
                if number == 0:
                    mock.post("/_mock/credits", {"key": key, "credits": 1})
                    mock.consume(2, key=key)
                if recorder.requests >= enough:
                    is_enough.set()
        except httpx.TransportError:
            is_enough.set()


def test_killed_server_loses_no_answered_change_and_credits_once(sqlite: str, tmp_path: Path) -> None:
    recorder = Recorder()
    keys = [f"sk-round-{number}" for number in range(KILLS)]
    for number, key in enumerate(keys):
        with serving(tmp_path, "--store", sqlite, "--quiet") as served:
            with recorder.client(served.url) as client:
                survey(client, *keys[:number][-1:])
            is_enough = threading.Event()
            # each round ends at another point
            enough = recorder.requests + 60 + 37 * number % 101
            clients = [
                threading.Thread(
                    target=buy,
                    args=(recorder, served.url, key, each),
                    kwargs={"enough": enough, "is_enough": is_enough},
                )
                for each in range(CLIENTS)
            ]
            for client_thread in clients:
                client_thread.start()
            assert is_enough.wait(PATIENCE)
            served.kill()
            for client_thread in clients:
                client_thread.join(PATIENCE)
            recorder.settle()
            assert recorder.requests >= enough
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, recorder.client(served.url) as client:
        survey(client, *keys)
    recorder.audit().require()


def test_killed_server_keeps_its_clocks(sqlite: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        name = mock.create(key="sk-mine")
        mock.advance("24h", key="sk-mine")
        served.kill()
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        assert mock.get("/_mock/clock?key=sk-mine").json()["offset_seconds"] == 86_400
        assert mock.get("/_mock/clock").json()["offset_seconds"] == 0
        assert mock.session(name)["status"] == "expired"
        assert mock.pay(name).status_code == 410
