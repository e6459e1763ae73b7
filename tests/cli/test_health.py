"""`mockserver health`: exit code 0 or 1, and one line."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from mockserver import Mock, __version__, running
from mockserver.cli.health_probe import Unhealthy, probe_health
from tests.cli.conftest import Cli
from tests.contracts.servers.local import closed_port, raw_server

HEAVY: Final = {"httpx", "starlette", "uvicorn", "asyncio", "yaml", "sqlite3", "rich", "jsonschema_rs", "dataclasses"}
SEND_HTTP: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n"


def _answer(content: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(content)

    return talk


def _hold(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.recv(1)


def _drip(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.settimeout(0.05)
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-drip: a\r\n" * 1000:
        connection.send(bytes([byte]))
        try:
            connection.recv(1)  # the client has gone
        except TimeoutError:
            continue
        return


def test_healthy_mock_is_a_line_and_exit_code_0(cli: Cli, mock: Mock) -> None:
    line = f"healthy: {mock.url}, version {__version__}, profile page, store memory\n"
    assert cli("health", "--url", mock.url) == (0, line, "")
    assert cli("health", "--url", f"{mock.url}/") == (0, line, "")


def test_address_of_the_client_commands_is_the_default(cli: Cli, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_URL", mock.url)
    assert cli("health")[0] == 0


def test_mock_with_a_control_token_is_healthy_without_it(cli: Cli) -> None:
    with running(control_token="sesame") as mock:
        assert cli("health", "--url", mock.url)[0] == 0


def test_closed_port_is_unhealthy(cli: Cli) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    sentence = f"nothing answers at {url} (connection refused); `mockserver serve` starts a mock"
    assert cli("health", "--url", url) == (1, "", f"mockserver: {sentence}\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SEND_HTTP + b"<h1>Hello!</h1>", "is not a mock: /_mock/health has status 200"),
        (SEND_HTTP + b'{"status":"ok"}', "is not a mock: /_mock/health has status 200"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}", "is not a mock: /_mock/health has status 404"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n" + b"[" * 5, "is not a mock"),
        (b"220 smtp.example ESMTP\r\n", "is not a mock: it does not answer in HTTP"),
        (b"", "nothing answers at"),
    ],
)
def test_other_server_is_no_mock(cli: Cli, content: bytes, said: str) -> None:
    with raw_server(_answer(content)) as url:
        code, out, err = cli("health", "--url", url)
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


def test_control_characters_of_a_server_are_escaped(cli: Cli) -> None:
    body = json.dumps({"error_code": "x", "message": "red\x1b[31m\nsecond"}).encode()
    with raw_server(_answer(b"HTTP/1.1 500 x\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))) as url:
        code, _, err = cli("health", "--url", url)
    assert code == 1
    assert err == f"mockserver: the mock at {url} answers with status 500: red\\x1b[31m\\nsecond\n"


def test_lost_store_is_unhealthy(cli: Cli, tmp_path: Path) -> None:
    with running(store=f"sqlite:///{tmp_path / 'mock.db'}") as mock:
        assert cli("health", "--url", mock.url)[0] == 0
        (tmp_path / "mock.db").unlink()
        code, out, err = cli("health", "--url", mock.url)
    assert (code, out) == (1, "")
    assert err.startswith(f"mockserver: the store of the mock at {mock.url} is unavailable: ")


@pytest.mark.parametrize("talk", [_hold, _drip])
def test_probe_ends_in_its_time_for_any_slow_server(talk: Callable[[socket.socket], None]) -> None:
    with raw_server(talk) as url:
        started = time.monotonic()
        with pytest.raises(Unhealthy, match=r"no answer from http://127\.0\.0\.1:\d+ within 0\.3 s"):
            probe_health(url, seconds=0.3)
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("url", ["nonsense", "ftp://x", "http://[", "", "http://x:99999"])
def test_invalid_address_exits_with_2(cli: Cli, url: str) -> None:
    code, _, err = cli("health", "--url", url)
    assert code == 2
    assert "an address such as" in err


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a b", f"http://{'x' * 70}.example", "http://a..b"])
def test_unusable_address_is_one_sentence(cli: Cli, url: str) -> None:
    code, _, err = cli("health", "--url", url)
    assert code == 1
    assert err == f"mockserver: {url} is no usable address; one such as http://127.0.0.1:8765 is needed\n"


def test_command_imports_no_heavy_module(mock: Mock) -> None:
    program = "import sys; from mockserver.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program, "health", "--url", mock.url], capture_output=True, text=True, check=True
    )
    healthy, modules = run.stdout.splitlines()
    assert healthy.startswith("healthy: ")
    assert "http.client" in modules.split()
    assert {name.partition(".")[0] for name in modules.split()} & HEAVY == set()
    assert [name for name in modules.split() if name.startswith("mockserver.contract")] == []
