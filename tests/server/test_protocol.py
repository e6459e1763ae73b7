"""A connection can make the server hold only so much, and an upgrade is ignored."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from mockserver import running
from mockserver.server.protocol import BoundedProtocol
from tests.web.mock_client import KEY

BODY = b'{"amount": 50}'
HEAD = (
    f"POST /billing/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: {KEY}\r\ncontent-type: application/json\r\n"
).encode()


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with running(store="memory") as mock:
        host, _, port = mock.url.removeprefix("http://").partition(":")
        yield host, int(port)


def exchange(address: tuple[str, int], *parts: bytes, until: bytes = b"}") -> bytes:
    """The bytes that the server answers until it closes, or until a text comes."""
    with socket.create_connection(address, timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        received = b""
        while until not in received:
            chunk = connection.recv(65_536)
            if not chunk:
                break
            received += chunk
        return received


@pytest.mark.parametrize(
    "upgrade",
    [
        b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n",
        b"connection: upgrade\r\nupgrade: foo/2, bar\r\n",
    ],
)
@pytest.mark.parametrize("is_split", [False, True])
@pytest.mark.parametrize(
    "framed",
    [
        b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY),
        b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY),
    ],
    ids=["length", "chunks"],
)
def test_upgrade_is_ignored_and_its_body_read(
    address: tuple[str, int], upgrade: bytes, framed: bytes, is_split: bool
) -> None:
    request = HEAD + upgrade + framed
    parts = [request[index : index + 1] for index in range(len(request))] if is_split else [request]
    answer = exchange(address, *parts)
    assert answer.startswith(b"HTTP/1.1 200 OK"), answer
    assert b'"checkout_url"' in answer


def test_requests_behind_an_upgrade_are_answered_in_order(address: tuple[str, int]) -> None:
    upgrade = b"connection: upgrade\r\nupgrade: h2c\r\n"
    usage = f"GET /billing/usage HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: {KEY}\r\n".encode()
    first = HEAD + upgrade + b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)
    last = usage + b"connection: close\r\n\r\n"
    answer = exchange(address, first + usage + upgrade + b"\r\n" + last, until=b"never")
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.index(b'"checkout_url"') < answer.index(b'"credit_balance"')


@pytest.mark.parametrize("line", [b"x-a: b\r\n" * 1_000, b"a" * 8_000], ids=["many lines", "one line"])
def test_endless_head_is_refused_while_it_arrives(address: tuple[str, int], line: bytes) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(HEAD + b"x-long: ")
        sent = 0
        try:
            while sent < 32 * 1024 * 1024:
                connection.sendall(line)
                sent += len(line)
        except ConnectionError:
            pytest.fail("the connection ended before its refusal")
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"connection: close" in head
    assert json.loads(body)["error_code"] == "headers_too_large"


def test_trailers_are_dropped(address: tuple[str, int]) -> None:
    trailers = b"x-t: %b\r\n" % (b"a" * 1_000) * 2_000
    framed = b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n%b\r\n" % (len(BODY), BODY, trailers)
    assert exchange(address, HEAD + framed).startswith(b"HTTP/1.1 200 OK")


def test_nothing_is_read_behind_a_waiting_request() -> None:
    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    async def most_waiting() -> int:
        config = uvicorn.Config(slow, lifespan="off", ws="none", log_config=None)
        config.load()
        protocols: list[BoundedProtocol] = []

        def protocol() -> BoundedProtocol:
            protocols.append(BoundedProtocol(config=config, server_state=ServerState(), app_state={}))
            return protocols[0]

        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
        total, most = 40_000, 0
        sending = asyncio.create_task(_send(writer, request, total))
        answered = 0
        while answered < total:
            answered += (await reader.read(65_536)).count(b"HTTP/1.1 200")
            most = max(most, len(protocols[0].pipeline))
        await sending
        writer.close()
        server.close()
        return most

    # One read from the socket has at most 256 KiB.
    assert asyncio.run(most_waiting()) <= 256 * 1024 // 27


async def _send(writer: asyncio.StreamWriter, request: bytes, times: int) -> None:
    for _ in range(times // 1_000):
        writer.write(request * 1_000)
        await writer.drain()
