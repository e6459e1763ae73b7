"""HTTP as bytes on a socket, for requests that no client would send."""

from __future__ import annotations

import http.client
import json
import re
import socket
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

PATIENCE: Final = 15.0
"""The test fails if an answer takes longer, in seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes


def connected(url: str) -> socket.socket:
    """A connection to the server at a URL."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE)


def a_request(method: str, path: str, *, key: str = "sk-wire", body: bytes | None = None, **headers: str) -> bytes:
    """A request as bytes. Headers are named with underscores; a body is sent with its length."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"x-access-token: {key}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def answer_on(connection: socket.socket) -> Answer:
    """The next answer on a connection."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def answer_to(url: str, request: bytes) -> Answer:
    """The server's answer to these bytes."""
    with connected(url) as connection:
        connection.sendall(request)
        return answer_on(connection)


def refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, checked against rule 12."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = json.loads(answer.body)
    assert body["success"] is False
    assert body["error_code"] == code
    assert re.search("[a-z]", body["message"])
    return body
