"""An application of this process is read like a server behind a network."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from mockserver_contracts.exchange import NoResponse, Request, Response
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport, Message, Receive, Send


def answer_called_gzip(body: bytes) -> Response:
    async def application(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 400, "headers": [(b"content-encoding", b"gzip")]})
        await send({"type": "http.response.body", "body": body})

    transport = AsgiTransport(application, "http://127.0.0.1:1")
    return asyncio.run(transport.send(Request("GET", "http://127.0.0.1:1/", {}), within=1))


def test_packed_answer_is_unpacked() -> None:
    response = answer_called_gzip(gzip.compress(b"{}", mtime=0))
    assert response.body == b"{}"
    assert "content-encoding" not in response.headers


def test_answer_that_is_no_gzip_is_no_answer() -> None:
    with pytest.raises(NoResponse, match="it is no gzip"):
        answer_called_gzip(b"{}")
