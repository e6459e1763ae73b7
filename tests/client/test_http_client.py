from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from mockserver.client.http_client import HttpClient, NoAnswer

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class CountingServer:
    """Answers every request with `{}`; closes a connection after `requests_each`."""

    def __init__(self, requests_each: int) -> None:
        self.connections = 0
        self.heads: list[bytes] = []
        self._requests_each = requests_each
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.closed = threading.Semaphore(0)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(ConnectionError):  # a client may close without reading
            for _ in range(self._requests_each):
                if not (head := connection.recv(65536)):
                    break
                self.heads.append(head)
                connection.sendall(ANSWER)
        self.closed.release()


@contextmanager
def counting(requests_each: int = 1_000) -> Iterator[CountingServer]:
    server = CountingServer(requests_each)
    try:
        yield server
    finally:
        server.close()


def test_connection_is_used_again() -> None:
    with counting() as server:
        client = HttpClient(server.url)
        assert [client.send("GET", "/").status for _ in range(5)] == [200] * 5
        assert server.connections == 1


def test_closed_connection_is_opened_again() -> None:
    with counting(requests_each=1) as server:
        client = HttpClient(server.url)
        for _ in range(3):
            assert client.send("GET", "/").content == b"{}"
            assert server.closed.acquire(timeout=10)
        assert server.connections == 3


def test_each_thread_has_a_connection() -> None:
    with counting() as server:
        client = HttpClient(server.url)
        together = threading.Barrier(4)

        def call(_: int) -> int:
            together.wait()
            return client.send("GET", "/").status

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(call, range(4))) == [200] * 4
        assert server.connections == 4


def test_forked_process_has_a_connection_of_its_own() -> None:
    with counting() as server:
        client = HttpClient(server.url)
        client.send("GET", "/")
        if (child := os.fork()) == 0:
            with suppress(BaseException):
                os._exit(client.send("GET", "/").status != 200)
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert client.send("GET", "/").status == 200
        assert server.connections == 2


class BlockedSocket(socket.socket):
    """Opens no connection; a server can accept one, which has a descriptor already."""

    def __init__(self, *args: Any, **named: Any) -> None:
        if "fileno" not in named:
            raise RuntimeError("no sockets in tests")
        super().__init__(*args, **named)


def test_replaced_standard_library_does_not_reach_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    with counting() as server:
        client = HttpClient(server.url)
        monkeypatch.setattr(socket, "socket", BlockedSocket)
        for name in ("socket.getaddrinfo", "socket.create_connection", "json.dumps", "json.loads", "select.select"):
            monkeypatch.setattr(name, None)
        answer = client.send("POST", "/", body={"amount": 50}).json_object
        monkeypatch.undo()
        assert answer == {}
        assert server.connections == 1


def test_replaced_connect_does_not_reach_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    with counting() as server:
        monkeypatch.setattr("socket.socket.connect", None)
        assert HttpClient(server.url).send("GET", "/").status == 200


def test_path_of_the_url_leads_every_request() -> None:
    with counting() as server:
        HttpClient(f"{server.url}/mock/").send("GET", "/billing", query={"key": "a b"})
        assert server.heads[0].startswith(b"GET /mock/billing?key=a+b HTTP/1.1\r\n")


def test_missing_server_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(NoAnswer, match="refused"):
        HttpClient(url).send("GET", "/")


def test_server_without_http_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ANSWER", b"SSH-2.0-OpenSSH_9.2\r\n")
    with counting(requests_each=1) as server, pytest.raises(NoAnswer, match="SSH"):
        HttpClient(server.url).send("GET", "/")


def test_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer, match="timed out"):
        HttpClient(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.01).send("GET", "/")


def test_client_loads_no_library_that_tests_replace() -> None:
    program = (
        "import sys, mockserver.client\n"
        "print(sorted({'httpx', 'httpcore', 'requests', 'urllib3', 'aiohttp', 'starlette'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
