"""Bad input to a real server: it is refused with the usual error body, and the server keeps serving."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
from collections.abc import Iterator

import httpx
import pytest

import mockserver
from tests.web.raw_http import PATIENCE, a_request, answer_on, answer_to, connected, refused

MIB = 1024 * 1024
CHECKOUT = "/billing/checkout"


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with mockserver.running() as mock:
        yield mock.url


@pytest.fixture(autouse=True)
def url(served: str) -> Iterator[str]:
    """The URL of a server. After the test it must still answer, without an internal error in its log."""
    yield served
    with httpx.Client(base_url=served, headers={"x-access-token": "sk-after"}, timeout=10) as client:
        assert client.post(CHECKOUT, json={"amount": 5}).status_code == 200
        assert client.get("/_mock/health").json()["status"] == "ok"
        kept = client.get("/_mock/requests?limit=1000").json()["requests"]
        assert [one for one in kept if one["status"] >= 500 or one["contract"]["response"]] == []
        client.delete("/_mock/requests")


def sent(body: bytes, *, content_type: str = "application/json", key: str = "sk-wire") -> bytes:
    return a_request("POST", CHECKOUT, body=body, content_type=content_type, key=key)


NO_JSON = {
    "nothing": b"",
    "white space": b" \n",
    "broken": b'{"amount": 50',
    "two values": b'{"amount": 50} {}',
    "single quotes": b"{'amount': 50}",
    "a comment": b'{"amount": 50} // fifty',
    "a trailing comma": b'{"amount": 50,}',
    "NaN": b'{"amount": NaN}',
    "Infinity": b'{"amount": Infinity}',
    "-Infinity": b'{"amount": -Infinity}',
    "1e400": b'{"amount": 1e400}',
    "400 digits": b'{"amount": ' + b"9" * 400 + b"}",
    "5000 digits": b'{"amount": ' + b"9" * 5000 + b"}",
    "a leading zero": b'{"amount": 050}',
    "a duplicate key": b'{"amount": 50, "amount": 50}',
    "a duplicate key inside": b'{"amount": 50, "more": [{"a": 1, "a": 1}]}',
    "a duplicate key written otherwise": b'{"amount": 50, "\\u0061mount": 50}',
    "no UTF-8": b'{"amount": 50, "plan_id": "\xff"}',
    "UTF-16": '{"amount": 50}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"amount": 50}',
    "a raw NUL": b'{"amount": 50, "plan_id": "a\x00"}',
    "a raw line end": b'{"amount": 50, "plan_id": "a\n"}',
    "a lone high surrogate": b'{"amount": 50, "plan_id": "\\ud800"}',
    "a lone low surrogate": b'{"amount": 50, "plan_id": "\\udc00"}',
    "a lone surrogate as a key": b'{"amount": 50, "\\ud800": 1}',
    "a surrogate in UTF-8": b'{"amount": 50, "plan_id": "\xed\xa0\x80"}',
    "65 deep": b'{"amount": 50, "more": ' + b"[" * 64 + b"]" * 64 + b"}",
    "100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 deep and open": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_malformed_json_is_refused(url: str, body: bytes) -> None:
    refused(answer_to(url, sent(body)), 400, "invalid_json")


def test_nesting_of_64_levels_is_accepted(url: str) -> None:
    body = b'{"amount": 50, "more": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert answer_to(url, sent(body)).status == 200


@pytest.mark.parametrize("body", [b"[]", b'[{"amount": 50}]', b"50", b'"50"', b"true", b"null"])
def test_non_object_body_is_refused(url: str, body: bytes) -> None:
    refused(answer_to(url, sent(body)), 400, "invalid_request")


@pytest.mark.parametrize("amount", ['"50"', "true", "null", "[]", "{}", '""'])
def test_non_numeric_amount_is_refused(url: str, amount: str) -> None:
    body = refused(answer_to(url, sent(f'{{"amount": {amount}}}'.encode())), 400, "invalid_request")
    assert [fault["pointer"] for fault in body["errors"]] == ["/amount"]


@pytest.mark.parametrize(
    "amount", ["-1", "0", "-0", "-0.0", "10.5", "1e-7", "1e300", "1000000", "1e-400", "49.99999999999999"]
)
def test_amount_out_of_range_is_refused(url: str, amount: str) -> None:
    body = refused(answer_to(url, sent(f'{{"amount": {amount}}}'.encode())), 400, "invalid_request")
    assert {fault["pointer"] for fault in body["errors"]} == {"/amount"}


@pytest.mark.parametrize("mode", ["gift", "", "PAYMENT", "payment\\u0000"])
def test_unknown_mode_is_refused(url: str, mode: str) -> None:
    body = sent(f'{{"amount": 5, "plan_id": "x", "mode": "{mode}"}}'.encode())
    assert "/mode" in {fault["pointer"] for fault in refused(answer_to(url, body), 400, "invalid_request")["errors"]}


@pytest.mark.parametrize(
    "redirect",
    [
        "javascript:alert(1)",
        "http://a.example/\\r\\nset-cookie: a=b",
        "http://a.example/\\u0000",
        "http://a.example/\\u2028",
    ],
)
def test_harmful_redirect_is_refused(url: str, redirect: str) -> None:
    body = sent(f'{{"amount": 5, "success_url": "{redirect}"}}'.encode())
    refused(answer_to(url, body), 400, "invalid_request")


@pytest.mark.parametrize("plan_id", ["a\\u0000b", "\\ud83d\\ude00", "\\u0007\\u001b[31m", "\\ufffe"])
def test_plan_of_any_text_is_accepted_and_echoed(url: str, plan_id: str) -> None:
    body = f'{{"mode": "subscription", "plan_id": "{plan_id}"}}'.encode()
    name = answer_to(url, sent(body)).body.decode().partition("/c/pay/")[2][:66]
    assert httpx.get(f"{url}/_mock/sessions/{name}").json()["plan_id"] == json.loads(f'"{plan_id}"')
    assert httpx.get(f"{url}/c/pay/{name}").status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonp",
        "application/json, text/plain",
        "",
        "\xff",
        ";",
    ],
)
def test_unsupported_media_type_is_refused(url: str, content_type: str) -> None:
    refused(answer_to(url, sent(b'{"amount": 50}', content_type=content_type)), 415, "unsupported_media_type")


def test_missing_media_type_is_refused(url: str) -> None:
    refused(answer_to(url, a_request("POST", CHECKOUT, body=b'{"amount": 50}')), 415, "unsupported_media_type")


def test_body_of_10_mb_gets_a_readable_refusal(url: str) -> None:
    refused(answer_to(url, sent(b"x" * 10 * MIB)), 413, "payload_too_large")
    refused(answer_to(url, sent(b"x" * 10 * MIB, key="")), 401, "unauthorized")


def test_declared_length_of_10_mb_is_refused_before_the_body(url: str) -> None:
    with connected(url) as connection:
        connection.sendall(a_request("POST", CHECKOUT, content_length=str(10 * MIB), content_type="application/json"))
        connection.sendall(b" " * (MIB + 1))
        refused(answer_on(connection), 413, "payload_too_large")


def test_endless_chunks_are_refused_while_they_arrive(url: str) -> None:
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with connected(url) as connection:
        head = a_request("POST", CHECKOUT, transfer_encoding="chunked", content_type="application/json")
        connection.sendall(head)
        connection.settimeout(0.2)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(TimeoutError, BlockingIOError):
                connection.sendall(chunk)
                if connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    break
        else:
            pytest.fail("chunks were taken for as long as they came")
        connection.settimeout(PATIENCE)
        refused(answer_on(connection), 413, "payload_too_large")


def test_endless_chunks_do_not_block_the_server(url: str) -> None:
    with connected(url) as connection:
        head = a_request("POST", CHECKOUT, transfer_encoding="chunked", content_type="application/json")
        connection.sendall(head + b"1\r\n{\r\n")
        assert httpx.get(url + "/_mock/health").status_code == 200


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n", b"\x00"])
def test_malformed_chunks_are_refused(url: str, chunk: bytes) -> None:
    head = a_request("POST", CHECKOUT, transfer_encoding="chunked", content_type="application/json")
    assert answer_to(url, head + chunk).status == 400


@pytest.mark.parametrize(
    "request_",
    [
        a_request("GET", "/billing/usage", x_long="a" * 200_000),
        a_request("GET", "/billing/usage", cookie="a" * 200_000),
        a_request("GET", "/billing/usage", key="a" * 200_000),
    ],
    ids=["a long one", "a cookie", "a key"],
)
def test_headers_of_200_kb_are_refused(url: str, request_: bytes) -> None:
    refused(answer_to(url, request_), 431, "headers_too_large")


def test_query_of_60_kb_is_refused(url: str) -> None:
    refused(answer_to(url, a_request("GET", "/billing/usage?" + "a" * 60_000)), 431, "headers_too_large")


def test_headers_of_200_kb_with_a_body_are_refused(url: str) -> None:
    request = a_request("POST", CHECKOUT, body=b'{"amount": 50}', x_long="a" * 200_000)
    refused(answer_to(url, request), 431, "headers_too_large")


@pytest.mark.parametrize(
    "path", ["/", "/billing", "/billing/nothing/", "/%00", "/%ff", "/..", "/billing/%2e%2e/usage", "/%c3%a9"]
)
def test_unknown_path_is_not_found(url: str, path: str) -> None:
    refused(answer_to(url, a_request("GET", path)), 404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_undeclared_method_is_refused(url: str, method: str) -> None:
    answer = answer_to(url, a_request(method, CHECKOUT))
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST, OPTIONS"


def test_head_on_an_endpoint_is_refused_without_a_body(url: str) -> None:
    with connected(url) as connection:
        connection.sendall(a_request("HEAD", CHECKOUT, connection="close"))
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 Method Not Allowed")
    assert b"allow: POST, OPTIONS" in head.lower().replace(b"post, options", b"POST, OPTIONS")
    assert body == b""


def test_options_lists_the_allowed_methods(url: str) -> None:
    answer = answer_to(url, a_request("OPTIONS", CHECKOUT))
    assert (answer.status, answer.body, answer.headers["allow"]) == (204, b"", "POST, OPTIONS")


def test_options_of_the_server_are_answered(url: str) -> None:
    answer = answer_to(url, a_request("OPTIONS", "*"))
    assert (answer.status, answer.body, answer.headers["allow"]) == (204, b"", "OPTIONS")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /billing/usage HTTP/9.9\r\n\r\n",
        b"GET /billing/usage HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /billing/usage HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"POST /billing/checkout HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_malformed_http_gets_a_plain_400_or_a_closed_connection(url: str, garbage: bytes) -> None:
    with connected(url) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            received = b"".join(iter(lambda: connection.recv(65_536), b""))
            assert received == b"" or received.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 401 ", b"HTTP/1.1 505 "))


@pytest.mark.parametrize(
    "half",
    [
        b"POST /billing/chec",
        b"POST /billing/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: sk-half",
        a_request("POST", CHECKOUT, key="sk-half", content_type="application/json", content_length="14") + b'{"amoun',
        a_request("POST", CHECKOUT, key="sk-half", content_type="application/json", transfer_encoding="chunked")
        + b'e\r\n{"amount": 50}\r\n',
    ],
)
@pytest.mark.parametrize("end", ["waits", "hangs up", "resets"])
def test_half_sent_request_has_no_effect(url: str, half: bytes, end: str) -> None:
    connection = connected(url)
    connection.sendall(half)
    if end == "resets":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if end != "waits":
        connection.close()
    assert httpx.get(url + "/_mock/health").status_code == 200
    assert httpx.get(url + "/_mock/sessions?key=sk-half").json() == {"sessions": []}
    connection.close()


def test_idle_connections_do_not_slow_others(url: str) -> None:
    with contextlib.ExitStack() as idle:
        for number in range(500):
            connection = idle.enter_context(connected(url))
            if number % 2:
                connection.sendall(b"GET /billing/usage HTTP/1.1\r\n")
        with connected(url) as another:
            another.sendall(sent(b'{"amount": 50}'))
            assert answer_on(another).status == 200


def test_client_that_never_reads_does_not_slow_others(url: str) -> None:
    request = a_request("GET", "/_mock/contract.json")
    with connected(url) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.settimeout(0.5)
        with contextlib.suppress(TimeoutError):  # the server stops reading from a client that does not read
            for _ in range(2_000):
                deaf.sendall(request * 10)
        assert httpx.get(url + "/_mock/health", timeout=5).status_code == 200


def test_connection_is_reusable_after_a_refusal(url: str) -> None:
    with connected(url) as connection:
        for body, status in ((b"{", 400), (b'{"amount": 50}', 200), (b"[]", 400), (b'{"amount": 50}', 200)):
            connection.sendall(sent(body))
            assert answer_on(connection).status == status
