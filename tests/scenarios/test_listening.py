"""Event streams of a real server: over a socket, under load, and at its end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

import mockserver
from tests.scenarios.process import serving

KEY = {"x-access-token": "sk-listener"}


def test_server_shutdown_ends_the_streams_first(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        with mockserver.running(store="memory") as mock:
            stream = httpx.stream("GET", f"{mock.url}/_mock/events", timeout=30, trust_env=False)
            response = stream.__enter__()
            lines = response.iter_lines()
            assert next(lines) == "retry: 2000"
        assert [*lines][-1] == ""  # a complete stream; a truncated one raises
        stream.__exit__(None, None, None)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_ctrl_c_ends_a_server_with_open_streams(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--quiet", "--store", "memory") as server,
        httpx.stream("GET", f"{server.url}/_mock/events", timeout=30, trust_env=False) as response,
    ):
        lines = response.iter_lines()
        assert next(lines) == "retry: 2000"
        assert server.interrupt() == 0
        assert server.errors.read_text() == ""


def test_clients_that_never_read_block_neither_others_nor_shutdown(tmp_path: Path) -> None:
    with serving(tmp_path, "--quiet", "--store", "memory") as server, httpx.Client(trust_env=False) as client:
        deaf = [_deaf(server.url) for _ in range(5)]
        with client.stream("GET", f"{server.url}/_mock/events", timeout=30) as response:
            events = _names(response)
            for turn in range(150):
                # each event has some 60 KB: unread ones soon fill every buffer
                body = {"amount": 5, "plan_id": "x" * 60_000}
                assert client.post(f"{server.url}/billing/checkout", json=body, headers=KEY).status_code == 200, turn
                assert next(events) == "session"
                assert next(events) == "exchange"
        assert server.interrupt() == 0
        for one in deaf:
            one.close()


def _deaf(url: str) -> socket.socket:
    """A client that opens an event stream and reads nothing."""
    parts = urlsplit(url)
    one = socket.create_connection((parts.hostname or "", parts.port or 0))
    one.sendall(b"GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return one


def _names(response: httpx.Response) -> Iterator[str]:
    for line in response.iter_lines():
        if line.startswith("event: "):
            yield line.removeprefix("event: ")


def test_container_answers_to_its_service_name(tmp_path: Path) -> None:
    flags = ("--quiet", "--host", "0.0.0.0", "--store", "memory", "--allow-host", "mock.internal.example")
    with serving(tmp_path, *flags) as server:
        for host, status in (("mock:8765", 200), ("mock.internal.example:8765", 200), ("other.internal.example", 403)):
            answer = httpx.post(
                f"{server.url}/billing/checkout", json={"amount": 5}, headers={**KEY, "host": host}, trust_env=False
            )
            assert answer.status_code == status
            assert status != 200 or answer.json()["checkout_url"].startswith(f"http://{host}/c/pay/")
