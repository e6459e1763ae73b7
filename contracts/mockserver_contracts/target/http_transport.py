"""A target behind HTTP."""

from __future__ import annotations

import ssl
import time
from typing import Final

import httpx

from mockserver_contracts.exchange import Headers, NoResponse, Request, Response, encode_headers
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import NotSent

LARGEST_RESPONSE: Final = 4 * 1024 * 1024
_HOP_BY_HOP: Final = frozenset({b"host", b"connection", b"transfer-encoding", b"content-length"})
_RETRIES: Final = 3


class HttpTransport:
    """Sends requests to a URL; follows no redirect, uses no proxy, and keeps nothing but the connection."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # Loading the trusted certificates takes as long as 30 requests to a server on this machine.
        needs_tls = not self.url.startswith("http:")
        self._client = httpx.Client(follow_redirects=False, trust_env=False, http2=False, verify=needs_tls)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    async def send(self, request: Request, *, within: float) -> Response:
        """The whole response; blocks, since a run sends one request at a time."""
        return self.exchange(request, within=within)

    def exchange(self, request: Request, *, within: float) -> Response:
        """The whole response; raises NoResponse or NotSent."""
        ends = time.monotonic() + within
        base = httpx.URL(self.url)
        path, query = request.target_below(self.url)
        url = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + path + (b"?" + query if query else b""))
        headers = [(name, value) for name, value in encode_headers(request.headers) if name.lower() not in _HOP_BY_HOP]
        if not any(name.lower() == b"accept-encoding" for name, _ in headers):
            headers.append((b"accept-encoding", b"identity"))
        try:
            outgoing = self._client.build_request(
                request.method, url, headers=headers, content=request.body or None, timeout=within
            )
            incoming = self._client.send(outgoing, stream=True)
            try:
                body = _read_body(incoming, within, ends)
            finally:
                incoming.close()
        except httpx.HTTPError as error:
            raise _failure_of(error, within) from None
        # httpx has unpacked the body: the length and the coding it had on its way are not those it has here.
        is_packed = incoming.headers.get("content-encoding", "identity") != "identity"
        hidden = {b"transfer-encoding"} | ({b"content-encoding", b"content-length"} if is_packed else set())
        lines = [(name, value) for name, value in incoming.headers.raw if name.lower() not in hidden]
        return Response(incoming.status_code, Headers.decode(lines), body)

    def retry(self, request: Request) -> int | RunFailure:
        """The status of a request that was answered before, or why there is none; waits shortly for a restart."""
        failure = RunFailure("died", "it does not answer")
        for attempt in range(_RETRIES):
            time.sleep(0.2 * attempt)
            try:
                return self.exchange(request, within=2.0).status
            except (NoResponse, NotSent) as error:
                failure = RunFailure("died", str(error))
        return failure


def _read_body(incoming: httpx.Response, within: float, ends: float) -> bytes:
    body = bytearray()
    for chunk in incoming.iter_bytes():
        body += chunk
        if len(body) > LARGEST_RESPONSE:
            raise NoResponse("endless", f"the answer is over {LARGEST_RESPONSE} bytes long")
        if time.monotonic() > ends:
            raise NoResponse("timeout", f"the answer was not complete after {within:.0f} s")
    return bytes(body)


def _failure_of(error: httpx.HTTPError, within: float) -> Exception:
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return NotSent(str(error))
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
