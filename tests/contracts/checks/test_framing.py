"""An order in chunks is read, or refused with words about its length."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.contracts.runs import checked_by, target_of
from tests.contracts.servers.independent import Other, Receive, Send


class Unchunked:
    """The other server behind a proxy, which refuses bodies in chunks."""

    def __init__(self, status: int, message: str) -> None:
        self._other = Other()
        self._status, self._message = status, message

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if (b"transfer-encoding", b"chunked") not in scope["headers"]:
            await self._other(scope, receive, send)
            return
        body = {"success": False, "message": self._message, "error_code": "invalid_request"}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def findings_of(status: int, message: str) -> list[str]:
    run = checked_by("rule-chunked-body-is-read", target_of(Unchunked(status, message), is_mock=False))
    return [each.check for each in run.findings]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (411, "no"),
        (400, "Content-Length can't be present with Transfer-Encoding"),
        (400, "Length Required"),
    ],
)
def test_server_may_ask_for_the_length_of_a_body(status: int, message: str) -> None:
    assert findings_of(status, message) == []


@pytest.mark.parametrize(("status", "message"), [(400, "amount is missing"), (500, "no Content-Length")])
def test_body_in_chunks_is_no_empty_one_and_breaks_nothing(status: int, message: str) -> None:
    assert "rule-chunked-body-is-read" in findings_of(status, message)
