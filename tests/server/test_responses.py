"""Responses of any ASGI application, by the mock's own protocol and by uvicorn's: both send the same."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import Any

import pytest

from mockserver import Settings
from mockserver.server import protocol_of
from tests.server.raw_server import GET, PROTOCOLS, exchange, part, serving_app, start


def test_response_of_unknown_length_is_chunked(protocol: type[asyncio.Protocol]) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in (start(), part(b"one", more=True), part(b"", more=True), part(b"three")):
            await send(message)

    with serving_app(app, protocol) as address:
        answer = exchange(address, GET, until=b"0\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head
    assert body == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [part(b"no head")],
        [start((b"content-length", b"2")), part(b"too long")],
        [start((b"x-break", b"a\r\nset-cookie: b")), part()],
    ],
    ids=["nothing", "no head", "too long", "line break"],
)
def test_response_that_is_no_http_becomes_500(
    protocol: type[asyncio.Protocol], messages: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    with serving_app(app, protocol) as address:
        answer = exchange(address, GET, until=b"never")
    assert b"set-cookie" not in answer
    assert answer.startswith(b"HTTP/1.1 500 ") or b"\r\n\r\n" not in answer.partition(b"content-length: 2")[2][4:]
    assert any(record.levelno >= logging.ERROR for record in caplog.records)


def test_request_that_outlasts_the_server_has_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    is_running = threading.Event()

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        is_running.set()
        await asyncio.get_running_loop().create_future()

    with socket.socket() as client:
        client.settimeout(10)
        with serving_app(app, PROTOCOLS["own"]) as address:
            client.connect(address)
            client.sendall(GET)
            assert is_running.wait(10)
        assert client.recv(1) == b""
    assert [record.exc_info for record in caplog.records if record.exc_info] == []


def test_short_response_closes_the_connection(
    protocol: type[asyncio.Protocol], caplog: pytest.LogCaptureFixture
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start((b"content-length", b"9")))
        await send(part(b"short"))

    with serving_app(app, protocol) as address:
        answer = exchange(address, GET, until=b"never")
    assert answer.endswith(b"\r\n\r\nshort")
    assert any(record.levelno >= logging.ERROR for record in caplog.records)


def test_application_learns_that_its_client_has_left(protocol: type[asyncio.Protocol]) -> None:
    has_left, is_waiting = threading.Event(), threading.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        is_waiting.set()
        if (await receive())["type"] == "http.disconnect":
            has_left.set()
        await send(start())
        await send(part(b"nobody reads it"))

    with serving_app(app, protocol) as address:
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(GET)
            assert is_waiting.wait(timeout=10)
        assert has_left.wait(timeout=10)


def test_slow_reader_holds_the_application_up(protocol: type[asyncio.Protocol]) -> None:
    sent: list[int] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        for number in range(2_000):
            await send(part(b"x" * 65_536, more=True))
            sent.append(number)
        await send(part())

    with serving_app(app, protocol) as address, socket.create_connection(address, timeout=10) as connection:
        connection.sendall(GET)
        assert connection.recv(1) == b"H"
        count = -1
        while count != len(sent):  # until the buffers are full
            count = len(sent)
            threading.Event().wait(0.2)
        assert count < 2_000
        received = 0
        while chunk := connection.recv(1 << 20):
            received += len(chunk)
            if chunk.endswith(b"\r\n0\r\n\r\n"):
                break
    assert received > 2_000 * 65_536


def test_idle_connection_is_closed_after_a_while(protocol: type[asyncio.Protocol]) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start((b"content-length", b"2")))
        await send(part(b"{}"))

    with (
        serving_app(app, protocol, idle_seconds=0.1) as address,
        socket.create_connection(address, timeout=10) as connection,
    ):
        for _ in range(3):
            connection.sendall(GET)
            assert connection.recv(65_536).endswith(b"{}")
        assert connection.recv(65_536) == b"", "it was closed"


@pytest.mark.parametrize("name", PROTOCOLS)
def test_setting_chooses_the_protocol(name: str) -> None:
    assert protocol_of(Settings().having(http=name)) is PROTOCOLS[name]


def test_server_that_stops_ends_idle_connections_and_finishes_a_response(protocol: type[asyncio.Protocol]) -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        is_asked.set()
        while not may_answer.is_set():
            await asyncio.sleep(0.01)
        await send(start((b"content-length", b"2")))
        await send(part(b"{}"))

    with serving_app(app, protocol) as address:
        idle = socket.create_connection(address, timeout=10)
        busy = socket.create_connection(address, timeout=10)
        busy.sendall(GET)
        assert is_asked.wait(timeout=10)
        threading.Timer(0.3, may_answer.set).start()
    with idle, busy:
        assert idle.recv(65_536) == b""
        answer = b"".join(iter(lambda: busy.recv(65_536), b""))
    assert answer.endswith(b"{}")
