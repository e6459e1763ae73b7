"""A target that is an ASGI application of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from mockserver_contracts.exchange import Headers, NoResponse, Request, Response, encode_headers
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.transport.http_transport import LARGEST_RESPONSE, as_response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class AsgiTransport:
    """Calls an application as a server would call it."""

    def __init__(self, application: Application, url: str) -> None:
        self.url = url.rstrip("/")
        self._application = application
        self._host = urlsplit(url).netloc.encode()

    def close(self) -> None:
        """Nothing is open."""

    async def send(self, request: Request, *, within: float) -> Response:
        """The whole response; an application that raises before it answers is a 500, as servers make it."""
        start: Message = {}
        body = bytearray()
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if sent:
                return {"type": "http.disconnect"}
            sent = True
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        try:
            await self._application(self._scope(request), receive, send)
        except Exception:
            if not start:
                return Response(500, Headers([("content-type", "text/plain")]), b"Internal Server Error")
        if not start:
            raise NoResponse("dropped", "the application ended without an answer")
        if len(body) > LARGEST_RESPONSE:
            raise NoResponse("endless", f"the answer is over {LARGEST_RESPONSE} bytes long")
        return as_response(start["status"], start.get("headers", []), bytes(body))

    def retry(self, request: Request) -> int | RunFailure:
        """An application of this process does not go away."""
        return 200

    def _scope(self, request: Request) -> MutableMapping[str, Any]:
        path, query = request.target_below(self.url)
        # A server hands the names on in lower case.
        headers = [(name.lower(), value) for name, value in encode_headers(request.headers) if name.lower() != b"host"]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", self._host), *headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "state": {},
        }


def new_event_loop() -> asyncio.AbstractEventLoop:
    """An event loop for requests one by one; it reports nothing about what an interrupt leaves unfinished."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)
    return loop
