"""Requests on raw sockets, by the mock's own protocol and by uvicorn's: both answer alike."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from tests.matrix import long_but
from tests.server.raw_server import PROTOCOLS, exchange
from tests.web.mock_client import KEY

BODY = b'{"amount": 50}'
HEAD = (
    f"POST /billing/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: {KEY}\r\ncontent-type: application/json\r\n"
).encode()


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


@pytest.mark.parametrize("name", long_but("own", of=PROTOCOLS))
def test_nothing_is_read_behind_a_waiting_request(name: str) -> None:
    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    async def most_waiting() -> int:
        config = uvicorn.Config(slow, lifespan="off", ws="none", log_config=None)
        config.load()
        protocols: list[Any] = []

        def protocol() -> asyncio.Protocol:
            kind: Any = PROTOCOLS[name]
            protocols.append(kind(config=config, server_state=ServerState(), app_state={}))
            return protocols[0]  # type: ignore[no-any-return]

        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
        total, most = 20_000, 0
        sending = asyncio.create_task(_send(writer, request, total))
        answered = 0
        while answered < total:
            answered += (await reader.read(65_536)).count(b"HTTP/1.1 200")
            most = max(most, len(protocols[0].waiting if name == "own" else protocols[0].pipeline))
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


def test_body_is_asked_for_with_100_continue(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(HEAD + b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n" % len(BODY))
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK")


def test_body_that_is_not_waited_for_needs_no_100_continue(address: tuple[str, int]) -> None:
    request = HEAD + b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n%b" % (len(BODY), BODY)
    answer = exchange(address, request)
    assert answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("size", [1, 7, 4_096])
def test_body_may_come_in_chunks_and_in_pieces(address: tuple[str, int], size: int) -> None:
    body = b'{"amount": 50, "padding": "%b"}' % (b"x" * 3_000)
    chunks = [body[index : index + size] for index in range(0, len(body), size)]
    framed = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    request = HEAD + b"transfer-encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"
    answer = exchange(address, *(request[index : index + 500] for index in range(0, len(request), 500)))
    assert answer.startswith(b"HTTP/1.1 200 OK"), answer


def test_large_body_is_read_whole(address: tuple[str, int]) -> None:
    body = b'{"amount": 50, "padding": "%b"}' % (b"x" * 900_000)
    answer = exchange(address, HEAD + b"content-length: %d\r\n\r\n%b" % (len(body), body))
    assert answer.startswith(b"HTTP/1.1 200 OK"), answer


def test_pipelined_requests_are_answered_in_order(address: tuple[str, int]) -> None:
    body = b'{"amount": 50, "padding": "%b"}' % (b"x" * 200_000)
    order = HEAD + b"content-length: %d\r\n\r\n" % len(body) + body
    usage = f"GET /billing/usage HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: {KEY}\r\n".encode()
    last = b"GET /nothing HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
    answer = exchange(address, order + usage + b"\r\n" + order + last, until=b"never")
    lines = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1") or b"HTTP/1.1" in line]
    assert [line.partition(b"HTTP/1.1 ")[2][:3] for line in lines] == [b"200", b"200", b"200", b"404"]
    assert answer.index(b"credit_balance") < answer.rindex(b"checkout_url")


@pytest.mark.parametrize("request_line", [b"GET / HTTP/1.0", b"GET / HTTP/1.1\r\nconnection: close"])
def test_connection_closes_where_the_client_asks_for_it(address: tuple[str, int], request_line: bytes) -> None:
    answer = exchange(address, request_line + b"\r\nhost: 127.0.0.1\r\n\r\n", until=b"never")
    assert answer.startswith(b"HTTP/1.1 ")
    if b"HTTP/1.1" in request_line:  # a client of HTTP/1.0 expects nothing else, and older uvicorns do not tell it
        assert b"connection: close\r\n" in answer


@pytest.mark.parametrize("method", [b"HEAD", b"GET"])
def test_head_has_the_head_of_get_and_no_body(address: tuple[str, int], method: bytes) -> None:
    answer = exchange(
        address, b"%b /_mock/health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n" % method, until=b"never"
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-length: " in head
    assert (body == b"") is (method == b"HEAD")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_garbage_is_answered_with_400_and_a_closed_connection(address: tuple[str, int], garbage: bytes) -> None:
    answer = exchange(address, garbage, until=b"never")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer
    assert b"content-type: application/json" in answer
    assert b'"message":"the bytes are no HTTP request: ' in answer


@pytest.mark.parametrize(
    ("garbage", "reason"),
    [
        (b"BREW / HTTP/1.1\r\n\r\n", b"invalid method"),
        (b"\x16\x03\x01\x02\x00\x01", b"plain HTTP is needed, with an address that begins with http://"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"HTTP/1.1 is needed"),
        ("GET /caf\xe9 HTTP/1.1\r\n\r\n".encode(), b"needs percent-encoding"),
        (b"GET / HTTP/2.0\r\nhost: a\r\n\r\n", b"its version is HTTP/2.0; HTTP/1.1 is needed"),
        (b"GET / HTTP/0.9\r\nhost: a\r\n\r\n", b"its version is HTTP/0.9; HTTP/1.1 is needed"),
        (b"GET /a b HTTP/1.1\r\n\r\n", b"xpected HTTP/"),
        (b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", b"Content-Length"),
    ],
)
def test_garbage_is_refused_with_its_reason(address: tuple[str, int], garbage: bytes, reason: bytes) -> None:
    assert reason in exchange(address, garbage, until=b"never")


def test_garbage_behind_a_request_ends_the_connection(address: tuple[str, int]) -> None:
    request = HEAD + b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)
    assert b"HTTP/1.1 " in exchange(address, request + b"\x00\x01", until=b"never")
    assert exchange(address, request).startswith(b"HTTP/1.1 200 OK"), "the server goes on"


def test_client_that_leaves_in_the_middle_of_its_body_leaves_no_trace(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    for sent in (b"", BODY[:5]):
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(HEAD + b"content-length: %d\r\n\r\n%b" % (len(BODY), sent))
    assert exchange(address, HEAD + b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)).startswith(b"HTTP/1.1 200")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "target", [b"/billing/usage?limit=1&a=%20b", b"http://127.0.0.1/billing/usage", b"/billing%2Fusage"]
)
def test_target_is_read_in_each_of_its_forms(address: tuple[str, int], target: bytes) -> None:
    head = b"GET %b HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: %b\r\n\r\n" % (target, KEY.encode())
    expected = b"404" if b"%2F" in target else b"200"
    assert exchange(address, head).startswith(b"HTTP/1.1 " + expected)


@pytest.mark.parametrize(
    "target", [b"http://evil.example/billing/usage", b"HTTP://evil.example/?a", b"http://u@127.0.0.1/"]
)
def test_host_of_the_target_takes_precedence_over_the_header(address: tuple[str, int], target: bytes) -> None:
    head = b"GET %b HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n" % target
    answer = exchange(address, head)
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"forbidden_host" in answer


def test_path_may_contain_a_url(address: tuple[str, int]) -> None:
    head = b"GET /http://evil.example/%20a HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    assert exchange(address, head).startswith(b"HTTP/1.1 404 ")
