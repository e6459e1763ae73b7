"""An outage never looks like a contract failure, nor like a pass."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import MutableMapping
from contextlib import closing
from typing import Any

import httpx
import pytest
from mockserver_contracts.exchange import NoResponse, Request, Response
from mockserver_contracts.target.gate import Gate, Limits, NotSent
from mockserver_contracts.target.target import Target, open_target
from mockserver_contracts.target.transport.http_transport import HttpTransport

from tests.contracts.runs import document, run_on, target_of
from tests.contracts.servers.independent import Other, Receive, Send
from tests.contracts.servers.local import raw_server, serving

KEYS = {"VIDEO_DB_API_KEY": "sk-tests"}


class Mortal:
    """A server that answers so many requests, and then in another way."""

    def __init__(self, server: Other, *, lives: int, status: int) -> None:
        self._server = server
        self._lives = lives
        self._status = status

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self._lives -= 1
        if self._lives >= 0:
            await self._server(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>upstream is gone</html>"})


def target_at(url: str) -> Target:
    return open_target(url, document(), KEYS, token_env=None)


def exchanged(url: str, *, within: float) -> Response:
    with closing(HttpTransport(url)) as transport:
        return transport.exchange(Request("GET", f"{url}/", {}), within=within)


def test_dying_server_behind_a_gateway_ends_the_run_with_its_findings() -> None:
    with serving(Mortal(Other("no_data_url"), lives=80, status=502)) as url:
        run = run_on(target_at(url))
    assert run.end.exit_code == 3
    assert run.end.failure is not None
    assert run.end.failure.code == "died"
    assert {finding.check for finding in run.findings} == {"response_schema_conformance"}


def test_server_that_stops_listening_ends_the_run_with_its_findings() -> None:
    served = 0

    def talk(connection: socket.socket) -> None:
        nonlocal served
        served += 1
        request = connection.recv(65536)
        if served > 30:
            return
        body = b"<html>no</html>" if b"/_mock" not in request else b""
        head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    with raw_server(talk) as url:
        run = run_on(target_at(url))
    assert run.end.exit_code == 3
    assert run.end.failure is not None
    assert run.end.failure.code == "died"
    assert "content_type_conformance" in {finding.check for finding in run.findings}
    [last] = [finding for finding in run.findings if finding.cause == "the target is gone"]
    assert last.title == "A request after which the target answers nothing"
    assert last.request.url.startswith(url)


def test_server_without_http_is_a_finding() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"220 mail.example.com ready\r\n\r\n")

    with raw_server(talk) as url:
        run = run_on(target_at(url), origins=frozenset({"examples"}))
    assert run.end.exit_code == 1
    assert {(finding.check, finding.cause) for finding in run.findings} == {("every_request_is_answered", "malformed")}


def test_endless_response_is_cut_off() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with raw_server(talk) as url, pytest.raises(NoResponse, match="over") as error:
        exchanged(url, within=5)
    assert error.value.cause == "endless"


def test_silent_server_runs_into_the_time_out() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        time.sleep(0.5)

    began = time.monotonic()
    with raw_server(talk) as url, pytest.raises(NoResponse) as error:
        exchanged(url, within=0.2)
    assert error.value.cause == "timeout"
    assert time.monotonic() - began < 2


def test_trickling_response_is_cut_off_in_time() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(20):
            connection.sendall(b" ")
            time.sleep(0.05)

    with raw_server(talk) as url, pytest.raises(NoResponse) as error:
        exchanged(url, within=0.3)
    assert error.value.cause == "timeout"


def test_single_request_without_a_response_is_a_finding() -> None:
    def talk(connection: socket.socket) -> None:
        if connection.recv(65536).startswith(b"TRACE"):
            return
        connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")

    with raw_server(talk) as url:
        run = run_on(target_at(url), origins=frozenset({"coverage"}))
    assert run.end.failure is None
    assert ("every_request_is_answered", "dropped") in {(finding.check, finding.cause) for finding in run.findings}


def test_redirect_is_never_followed() -> None:
    elsewhere = Other()
    with serving(elsewhere) as there:

        async def redirecting(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
            headers = [(b"location", f"{there}/billing/usage".encode())]
            await send({"type": "http.response.start", "status": 307, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        with serving(redirecting) as url:
            run = run_on(target_at(url), origins=frozenset({"coverage"}))
    assert elsewhere.seen == []
    assert run.end.exit_code == 1


def test_time_budget_ends_the_requests_and_is_reported() -> None:
    began = time.monotonic()
    with serving(Other()) as url:
        run = run_on(target_at(url), max_examples=100_000, time_budget=1.5)
    assert time.monotonic() - began < 4
    assert run.end.stopped == "the time budget is spent"
    assert run.end.exit_code == 3


def test_stopped_gate_lets_nothing_pass() -> None:
    other = Other()
    target = target_of(other)
    gate = Gate(target.transport, Limits())
    request = Request("GET", f"{target.url}/billing/usage", {})
    assert asyncio.run(gate.send(request)).status == 401
    gate.stop("enough")
    gate.stop("later")
    with pytest.raises(NotSent):
        asyncio.run(gate.send(request))
    assert gate.stopped == "enough"
    assert (gate.requests_sent, len(other.seen)) == (1, 1)


def test_tls_failure_has_its_own_cause() -> None:
    with serving(Other()) as url, pytest.raises(NoResponse) as error:
        exchanged(url.replace("http:", "https:"), within=5)
    assert error.value.cause == "tls"


def test_http_transport_sends_the_given_bytes() -> None:
    other = Other()
    with serving(other) as url:
        transport = HttpTransport(url)
        transport.exchange(Request("POST", f"{url}/a%2Fb//c?x=%00&y", {"x-one": "1"}, b'{"a": 1}'), within=5)
        transport.close()
    method, path, body, headers = other.seen[0]
    assert (method, path, body) == ("POST", "/a/b//c", b'{"a": 1}')
    assert headers["x-one"] == "1"
    assert headers["host"] == httpx.URL(url).netloc.decode()


def test_guard_that_cuts_unknown_paths_off_leaves_the_target_testable() -> None:
    def talk(connection: socket.socket) -> None:
        if b"/_mock/" in connection.recv(65536):
            return
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")

    with raw_server(talk) as url:
        run = run_on(target_at(url), origins=frozenset({"examples"}))
    assert run.end.exit_code == 1
    assert run.end.failure is None


def test_body_behind_the_announced_length_is_a_finding_from_the_first_answer_on() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\n{}")

    with raw_server(talk) as url:
        run = run_on(target_at(url), origins=frozenset({"examples"}))
    assert run.end.exit_code == 1
    assert {(finding.check, finding.cause) for finding in run.findings} == {("every_request_is_answered", "excess")}
