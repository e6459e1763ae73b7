"""An exchange ends in time and within its bytes, whatever the server sends, and leaves nothing behind for the next."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import repeat

import pytest
from mockserver_contracts.exchange import NoResponse, Request, Response
from mockserver_contracts.target.transport.http_transport import LARGEST_RESPONSE, HttpTransport

from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import raw_server, serving


def exchanged(url: str, *, within: float = 5.0) -> Response:
    with closing(HttpTransport(url)) as transport:
        return transport.exchange(Request("GET", f"{url}/", {}), within=within)


def answered(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    """A server that answers each request with these bytes and closes the connection."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n".encode() + body)

    return talk


def endless(start: bytes, more: bytes, *, pause: float = 0.0) -> Callable[[socket.socket], None]:
    """A server that never stops sending."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(start)
        connection.settimeout(pause or 5)
        for piece in repeat(more):
            with suppress(TimeoutError):
                if pause and connection.recv(1) == b"":
                    return
            connection.sendall(piece)

    return talk


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["status line", "header", "header lines", "interim answers", "body", "chunks"],
)
def test_dripped_answer_ends_with_the_time_of_its_request(start: bytes, more: bytes) -> None:
    with raw_server(endless(start, more, pause=0.05)) as url, pytest.raises(NoResponse, match=r"within|not HTTP"):
        exchanged(url, within=0.4)


@pytest.mark.parametrize(
    ("start", "more", "cause"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\na: " + b"b" * 8_000 + b"\r\n\r\n", "endless"),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 1_000, "malformed"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536, "endless"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n", "endless"),
    ],
    ids=["interim answers", "header lines", "body", "chunks"],
)
def test_endless_answer_ends_with_its_share_of_bytes(start: bytes, more: bytes, cause: str) -> None:
    with raw_server(endless(start, more)) as url, pytest.raises(NoResponse) as raised:
        exchanged(url, within=60.0)
    assert raised.value.cause == cause


def bomb() -> bytes:
    """A fifth of a gigabyte, packed twice."""
    return gzip.compress(gzip.compress(bytes(200 * 1024 * 1024), 1, mtime=0), mtime=0)


def large() -> bytes:
    return zlib.compress(bytes(LARGEST_RESPONSE + 1))


@pytest.mark.parametrize(
    ("coding", "body", "cause", "words"),
    [
        ("gzip, gzip", bomb, "endless", "when it is unpacked"),
        ("deflate", large, "endless", "when it is unpacked"),
        ("br", b"\x0b\x02\x80ok\x03", "malformed", "'br', which was not asked for"),
        ("gzip", b"no gzip at all", "malformed", "it is no gzip"),
        ("gzip", gzip.compress(b"{}" * 100)[:-12], "malformed", "cut short"),
        ("gzip," * 9 + "gzip", b"x", "malformed", "10 content codings"),
    ],
    ids=["bomb", "large", "brotli", "no gzip", "cut short", "too many"],
)
def test_packed_answer_that_is_too_large_or_wrong_is_no_answer(
    coding: str, body: bytes | Callable[[], bytes], cause: str, words: str
) -> None:
    if not isinstance(body, bytes):  # packed by the test that sends it, and not by each process that collects it
        body = body()
    head = f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n"
    with raw_server(answered(head, body)) as url, pytest.raises(NoResponse, match=words) as raised:
        exchanged(url)
    assert raised.value.cause == cause


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b'{"a": 1}')),
        ("x-gzip", gzip.compress(b'{"a": 1}')),
        ("deflate", zlib.compress(b'{"a": 1}')),
        ("deflate", zlib.compress(b'{"a": 1}', wbits=-15)),
        ("identity", b'{"a": 1}'),
        ("deflate, gzip", gzip.compress(zlib.compress(b'{"a": 1}'))),
    ],
    ids=["gzip", "x-gzip", "deflate", "raw deflate", "identity", "two codings"],
)
def test_packed_answer_is_unpacked(coding: str, body: bytes) -> None:
    with raw_server(answered(f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n", body)) as url:
        response = exchanged(url)
    assert response.body == b'{"a": 1}'
    assert response.header("content-encoding") == (coding if coding == "identity" else None)


def test_cookie_of_a_server_is_not_sent_back() -> None:
    received: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        for _ in range(2):
            received.append(connection.recv(65_536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 0\r\n\r\n")

    with raw_server(talk) as url, closing(HttpTransport(url)) as transport:
        first, _ = (transport.exchange(Request("GET", f"{url}/", {}), within=5.0) for _ in range(2))
    assert first.header("set-cookie") == "session=1; Path=/"
    assert len(received) == 2
    assert b"cookie" not in b"".join(received).lower()


def test_base_path_of_a_target_comes_before_every_path() -> None:
    other = Other()
    with serving(other) as url, closing(HttpTransport(f"{url}/api/v1/")) as transport:
        transport.exchange(Request("GET", f"{url}/api/v1/billing/usage?a=1", {}), within=5.0)
    assert [path for _, path, _, _ in other.seen] == ["/api/v1/billing/usage"]


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    return talk


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}}}}", "3 bytes behind"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n{}", "2 bytes behind"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}x", "1 bytes behind"),
        (b"HTTP/1.1 204 No Content\r\n\r\n{}", "2 bytes behind"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n", "19 bytes behind"),
    ],
    ids=["too short", "none", "after 100", "no content", "another answer"],
)
def test_answer_that_goes_on_behind_its_length_is_no_answer(answer: bytes, words: str) -> None:
    with raw_server(answering(answer)) as url, pytest.raises(NoResponse, match=words) as raised:
        exchanged(url, within=5.0)
    assert raised.value.cause == "excess"


def test_answer_that_ends_before_its_length_is_incomplete() -> None:
    cut = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
    with raw_server(cut) as url, pytest.raises(NoResponse, match="before the length") as raised:
        exchanged(url, within=5.0)
    assert raised.value.cause == "incomplete"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 20_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=["length", "until the end", "HTTP/1.0", "chunks", "early hints", "long head"],
)
def test_answer_of_its_length_is_whole(answer: bytes) -> None:
    with raw_server(answering(answer)) as url:
        assert exchanged(url, within=5.0).body == b"{}"


def test_body_in_chunks_goes_out_in_two_pieces() -> None:
    pieces: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        while b"0\r\n\r\n" not in b"".join(pieces):
            pieces.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")

    with raw_server(talk) as url, closing(HttpTransport(url)) as transport:
        request = Request("POST", f"{url}/", {"transfer-encoding": "chunked"}, b'{"amount": 1}')
        transport.exchange(request, within=5)
    assert not any(b'{"amou' in piece and b'nt": 1}' in piece for piece in pieces)
    assert b"".join(pieces).endswith(b'6\r\n{"amou\r\n7\r\nnt": 1}\r\n0\r\n\r\n')
