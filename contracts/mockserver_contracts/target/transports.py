"""The two ways to a target: over HTTP, and into an application of this process."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import (
    Application,
    Message,
    NoResponse,
    RawAnswer,
    RawRequest,
    Receive,
    Send,
    UnsendableRequest,
)

LARGEST_ANSWER: Final = 4 * 1024 * 1024
_HOP_BY_HOP: Final = frozenset({b"host", b"connection", b"transfer-encoding", b"content-length"})
_REVIVALS: Final = 3


class HttpTransport:
    """A target by URL; nothing is followed, proxied or kept between requests but the connection."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(follow_redirects=False, trust_env=False, http2=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    async def lifespan(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Nothing here has to be started."""
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def send(self, request: RawRequest, *, within: float) -> RawAnswer:
        """The whole answer; blocks, since a run sends one request at a time."""
        return self.exchange(request, within=within)

    def exchange(self, request: RawRequest, *, within: float) -> RawAnswer:
        """The whole answer, or Unanswered, or NotSendable."""
        ends = time.monotonic() + within
        base = httpx.URL(self._url)
        url = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + request.target)
        headers = [(name, value) for name, value in request.headers if name.lower() not in _HOP_BY_HOP]
        if not any(name.lower() == b"accept-encoding" for name, _ in headers):
            headers.append((b"accept-encoding", b"identity"))
        try:
            outgoing = self._client.build_request(
                request.method, url, headers=headers, content=request.body or None, timeout=within
            )
            answer = self._client.send(outgoing, stream=True)
            try:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise NoResponse("endless", f"the answer is over {LARGEST_ANSWER} bytes long")
                    if time.monotonic() > ends:
                        raise NoResponse("timeout", f"the answer was not complete after {within:.0f} s")
            finally:
                answer.close()
        except httpx.HTTPError as error:
            raise _unanswered(error, within) from None
        # What came packed or in chunks was unpacked here: how long it was on the way is not what it is.
        is_packed = answer.headers.get("content-encoding", "identity") != "identity"
        hidden = {b"transfer-encoding"} | ({b"content-encoding", b"content-length"} if is_packed else set())
        raw = [(name, value) for name, value in answer.headers.raw if name.lower() not in hidden]
        return RawAnswer(answer.status_code, raw, bytes(body))

    def again(self, request: RawRequest) -> int | RunFailure:
        """The status of a request that was answered before, or why it gets none; a restart is waited for shortly."""
        failure = RunFailure("died", "it does not answer")
        for attempt in range(_REVIVALS):
            time.sleep(0.2 * attempt)
            try:
                return self.exchange(request, within=2.0).status
            except (NoResponse, UnsendableRequest) as error:
                failure = RunFailure("died", str(error))
        return failure


class AsgiTransport:
    """An ASGI application of this process, seen as a server would show it."""

    def __init__(self, application: Application, url: str) -> None:
        self._application = application
        self._host = urlsplit(url).netloc.encode()

    def close(self) -> None:
        """Nothing is open."""

    async def lifespan(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """The application starts and ends by itself."""
        await self._application(scope, receive, send)

    async def send(self, request: RawRequest, *, within: float) -> RawAnswer:
        """The whole answer; an application that raises before it answers is a 500, as a server makes it."""
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
                return RawAnswer(500, [(b"content-type", b"text/plain")], b"Internal Server Error")
        if not start:
            raise NoResponse("dropped", "the application ended without an answer")
        if len(body) > LARGEST_ANSWER:
            raise NoResponse("endless", f"the answer is over {LARGEST_ANSWER} bytes long")
        return RawAnswer(start["status"], [(bytes(n), bytes(v)) for n, v in start.get("headers", [])], bytes(body))

    def again(self, request: RawRequest) -> int | RunFailure:
        """An application of this process does not go away."""
        return 200

    def _scope(self, request: RawRequest) -> MutableMapping[str, Any]:
        headers = [(name, value) for name, value in request.headers if name.lower() != b"host"]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": httpx.URL("http://target" + request.path.decode("latin-1")).path,
            "raw_path": request.path,
            "query_string": request.query,
            "root_path": "",
            "headers": [(b"host", self._host), *headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "state": {},
        }


def quiet_loop() -> asyncio.AbstractEventLoop:
    """A loop for requests one by one; what an interrupt leaves unfinished in it is nobody's business."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)
    return loop


def _unanswered(error: httpx.HTTPError, within: float) -> Exception:
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return UnsendableRequest(str(error))
    if isinstance(error, httpx.ConnectTimeout):
        return NoResponse("unreachable", f"no connection within {within:.0f} s", gone=True)
    if isinstance(error, httpx.TimeoutException):
        return NoResponse("timeout", f"no answer within {within:.0f} s")
    if isinstance(error, httpx.ConnectError):
        if _is_tls(error):
            return NoResponse("tls", f"no trusted TLS connection: {error}", gone=True)
        return NoResponse("unreachable", f"no connection: {error}")
    if isinstance(error, httpx.DecodingError):
        return NoResponse("malformed", f"the answer is not what its Content-Encoding says: {error}")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return NoResponse("malformed", f"the answer is not HTTP: {error}")
    return NoResponse("dropped", f"the connection was closed without an answer: {error}")


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return "SSL" in str(error) or "CERTIFICATE" in str(error)
