"""The output of `mockserver serve`, and its end."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.scenarios.process import Served, serving
from tests.web.control.test_accounts import account_of
from tests.web.mock_client import Mock
from tests.web.raw_http import a_request, answer_on, connected

QUICK = 5.0
"""The limit for a server to end, in seconds; it takes a fraction of one."""


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, "--store", "memory", "--quiet") as served:
        yield served


def ended_cleanly(served: Served, number: signal.Signals = signal.SIGINT) -> None:
    started = time.monotonic()
    assert served.interrupt(number) == 0
    assert time.monotonic() - started < QUICK
    assert "Traceback" not in served.errors.read_text()
    assert "Error" not in served.errors.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_server_at_once(quiet: Served, number: signal.Signals) -> None:
    ended_cleanly(quiet, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_server_with_a_kept_alive_connection(quiet: Served, number: signal.Signals) -> None:
    with connected(quiet.url) as connection:
        connection.sendall(a_request("GET", "/billing/usage"))
        assert answer_on(connection).status == 200
        ended_cleanly(quiet, number)


def test_signal_ends_the_server_with_a_half_sent_request(quiet: Served) -> None:
    with connected(quiet.url) as connection, connected(quiet.url) as another:
        connection.sendall(b"GET /billing/usage HT")
        another.sendall(
            a_request("POST", "/billing/checkout", content_type="application/json", content_length="9") + b"{"
        )
        assert httpx.get(quiet.url + "/_mock/health").status_code == 200
        ended_cleanly(quiet)


def test_signal_ends_the_server_with_a_client_that_does_not_read(quiet: Served) -> None:
    with connected(quiet.url) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(a_request("GET", "/_mock/contract.json") * 100)
        assert httpx.get(quiet.url + "/_mock/health").status_code == 200
        ended_cleanly(quiet)


def test_port_is_free_after_the_end(quiet: Served) -> None:
    ended_cleanly(quiet)
    with pytest.raises(ConnectionRefusedError):
        connected(quiet.url)


def test_store_is_free_and_intact_after_the_end(tmp_path: Path, sqlite: str) -> None:
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        name = Mock(client).create()
        ended_cleanly(served)
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        assert Mock(client).session(name)["status"] == "pending"


def test_quiet_prints_only_the_address(tmp_path: Path) -> None:
    with serving(tmp_path, "--store", "memory", "--quiet") as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        mock.create()
        mock.get("/nothing")
        ended_cleanly(served)
        assert served.process.stdout is not None
        assert served.process.stdout.read() == ""
        assert served.started == served.url + "\n"
        assert served.errors.read_text() == ""


def test_json_log_is_one_object_a_line(tmp_path: Path) -> None:
    with serving(tmp_path, "--store", "memory", "--json") as served:
        started = json.loads(served.started)
        url = started["url"]
        assert started.items() >= {"event": "started", "profile": "page", "store": "memory"}.items()
        assert started["control"] == f"{url}/_mock/"
        with httpx.Client(base_url=url) as client:
            mock = Mock(client)
            mock.create(key="sk-very-secret")
            mock.get("/nothing")
        ended_cleanly(served)
        assert served.process.stdout is not None
        lines = [json.loads(line) for line in served.process.stdout]
    assert [(line["event"], line["method"], line["path"], line["status"], line["account"]) for line in lines] == [
        ("request", "POST", "/billing/checkout", 200, account_of("sk-very-secret")),
        ("request", "GET", "/nothing", 404, None),
    ]
    assert all(line["ms"] > 0 for line in lines)


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, "--store", "memory", "--profile", "openapi", last_line="Ctrl-C") as served:
        yield served


def address(banner: Served) -> str:
    (found,) = [line.split()[1] for line in banner.started.splitlines() if line.split()[:1] == ["address"]]
    return found


def test_start_prints_the_address_and_the_first_steps(banner: Served) -> None:
    url, said = address(banner), banner.started
    assert httpx.get(f"{url}/_mock/health").json()["status"] == "ok"
    assert "openapi" in said
    assert "memory" in said
    assert f'videodb.connect(api_key="sk-demo", base_url="{url}")' in said
    assert f'connect("sk-demo", "{url}")' in said
    assert "VIDEO_DB_BASE_URL" not in said  # no SDK reads it
    assert f"curl {url}/billing/checkout" in said
    assert f"{url}/_mock/" in said


def test_each_request_is_a_readable_line(banner: Served) -> None:
    with httpx.Client(base_url=address(banner)) as client:
        mock = Mock(client)
        mock.create(key="sk-very-secret")
        mock.get("/nothing/%1b%5b31m%0a%0dred")
        mock.get("/billing/sk-very-secret")
    ended_cleanly(banner)
    said = banner.errors.read_text()
    first, second, _ = said.splitlines()
    method, path, status, milliseconds, unit, account = first.split()
    assert (method, path, status, unit) == ("POST", "/billing/checkout", "200", "ms")
    assert float(milliseconds) > 0
    assert account == account_of("sk-very-secret")
    assert second.split()[2:3] == ["404"]
    assert not set(said) & {"\x1b", "\r"}


@pytest.mark.parametrize(("flags", "last_line"), [((), "Ctrl-C"), (("--json",), "started")])
def test_api_key_is_never_printed(tmp_path: Path, flags: tuple[str, ...], last_line: str) -> None:
    with serving(tmp_path, "--store", "memory", *flags, last_line=last_line) as served:
        url = json.loads(served.started)["url"] if flags else address(served)
        httpx.get(f"{url}/billing/sk-very-secret?key=sk-very-secret", headers={"x-access-token": "sk-very-secret"})
        ended_cleanly(served)
        assert served.process.stdout is not None
        said = served.process.stdout.read() + served.errors.read_text()
    assert "/billing/" in said
    assert "very-secret" not in said
