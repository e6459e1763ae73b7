"""The gate as an ASGI application, so that Schemathesis' own probes pass it too and need no network."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

from mockserver_contracts.exchange import Headers, Request, Response, encode_headers
from mockserver_contracts.target.gate import Gate, NotSent
from mockserver_contracts.target.transport.asgi_transport import Receive, Send

CASE_HEADER: Final = b"x-schemathesis-testcaseid"


class GateApp:
    """Sends each request of its caller through the gate."""

    def __init__(self, gate: Gate) -> None:
        self.invented = 0
        """The number of answers that the target did not give: the gate was closed, or nothing came back."""
        self._gate = gate

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _confirm_lifespan(receive, send)
            return
        response = None
        try:
            exchange = await self._gate.send(await _read_request(self._gate.url, scope, receive))
            response = exchange.response if exchange.no_response is None else None
        except NotSent:
            pass
        if response is None:
            # Schemathesis needs a response; this one says nothing about the target.
            self.invented += 1
            response = Response(400, {"content-type": "application/json"}, b"{}")
        # A client that gets the answer from this process fails on a length that is not that of the body.
        headers = [line for line in encode_headers(response.headers) if line[0].lower() != b"content-length"]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})


async def _read_request(base: str, scope: MutableMapping[str, Any], receive: Receive) -> Request:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    url = base + (path + (b"?" + query if query else b"")).decode("latin-1")
    headers = Headers.decode((name, value) for name, value in scope["headers"] if name != CASE_HEADER)
    return Request(scope["method"], url, headers, await _read_body(receive))


async def _read_body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _confirm_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
