"""A target behind HTTP."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import httpcore

from mockserver_contracts.exchange import Headers, NoResponse, RawHeaders, Request, Response, encode_headers
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import NotSent
from mockserver_contracts.target.transport.bounded_network import BoundedBackend, TooMuchReceived
from mockserver_contracts.target.transport.content_coding import unpack
from mockserver_contracts.target.transport.framing import excess_bytes

LARGEST_RESPONSE: Final = 4 * 1024 * 1024
_HOP_BY_HOP: Final = frozenset({b"host", b"connection", b"transfer-encoding", b"content-length"})
_DEFAULTS: Final = ((b"accept-encoding", b"identity"), (b"user-agent", b"videodb-mockserver-check"))
_PORTS: Final = {"http": 80, "https": 443}
_RETRIES: Final = 3
_AT_ONCE: Final = 64
_PAUSE: Final = 0.02


class HttpTransport:
    """Sends requests to a URL.

    It follows no redirect, uses no proxy and keeps no cookie: a request without a key must not be known by another one.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        self._scheme = parts.scheme.encode()
        self._host = _ascii_host(parts.hostname or "")
        self._port = parts.port or _PORTS[parts.scheme]
        name = f"[{self._host}]" if ":" in self._host else self._host
        self._authority = f"{name}:{self._port}" if parts.port else name
        self._path = parts.path.encode("latin-1", "replace")
        self._network = BoundedBackend(most_bytes=LARGEST_RESPONSE)
        # Loading the trusted certificates takes as long as 30 requests to a server on this machine.
        context = None if parts.scheme == "http" else _tls_context()
        # Requests that are sent at once must not wait for each other's connection.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=self._network, max_connections=_AT_ONCE, max_keepalive_connections=4
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    async def send(self, request: Request, *, within: float) -> Response:
        """The whole response; blocks, since a run sends one request at a time."""
        return self.exchange(request, within=within)

    def exchange(self, request: Request, *, within: float) -> Response:
        """The whole response; raises NoResponse or NotSent."""
        self._network.begin(ends=time.monotonic() + within)
        try:
            with self._pool.stream(
                request.method.encode("latin-1"),
                self._address(request),
                headers=self._headers(request),
                content=_in_chunks(request.body) if _is_chunked(request) else request.body or None,
                extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), within)},
            ) as incoming:
                body = _read_body(incoming)
        except TooMuchReceived:
            raise _endless() from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _failure_of(error, within) from None
        if excess := excess_bytes(self._network.beginning, self._network.received, method=request.method):
            raise NoResponse("excess", f"the answer goes on for {excess} bytes behind the length that it announces")
        return as_response(incoming.status, incoming.headers, body)

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

    def _address(self, request: Request) -> httpcore.URL:
        path, query = request.target_below(self.url)
        target = self._path.rstrip(b"/") + path + (b"?" + query if query else b"")
        return httpcore.URL(scheme=self._scheme, host=self._host.encode(), port=self._port, target=target or b"/")

    def _headers(self, request: Request) -> RawHeaders:
        given = [(name, value) for name, value in encode_headers(request.headers) if name.lower() not in _HOP_BY_HOP]
        names = {name.lower() for name, _ in given}
        headers = [(b"host", self._authority.encode()), *given]
        headers += [(name, value) for name, value in _DEFAULTS if name not in names]
        if _is_chunked(request):
            headers.append((b"transfer-encoding", b"chunked"))
        elif request.body or request.method in ("POST", "PUT", "PATCH"):
            headers.append((b"content-length", str(len(request.body)).encode()))
        return headers


def _in_chunks(body: bytes) -> Iterator[bytes]:
    """The body in two chunks that do not arrive together: a server that takes the first read for all has half of it."""
    half = len(body) // 2
    yield body[:half]
    time.sleep(_PAUSE)
    yield body[half:]


def _is_chunked(request: Request) -> bool:
    return any(name.lower() == "transfer-encoding" for name in request.headers)


def _ascii_host(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "replace").decode()


def _tls_context() -> ssl.SSLContext:
    import httpx  # for a target on this machine its import would take longer than the first requests

    return httpx.create_ssl_context(trust_env=False)


def _read_body(incoming: httpcore.Response) -> bytes:
    body = bytearray()
    for chunk in incoming.iter_stream():
        body += chunk
        if len(body) > LARGEST_RESPONSE:
            raise TooMuchReceived
    return bytes(body)


def as_response(status: int, lines: RawHeaders, body: bytes) -> Response:
    """The response with its body unpacked. Raises NoResponse if the body is not what its Content-Encoding says."""
    codings = ",".join(value.decode("latin-1") for name, value in lines if name.lower() == b"content-encoding")
    unpacked = unpack(body, codings, most_bytes=LARGEST_RESPONSE)
    # The body is unpacked: the length and the coding it had on its way are not those it has here.
    hidden = {b"transfer-encoding"} | ({b"content-encoding", b"content-length"} if unpacked is not body else set())
    return Response(
        status, Headers.decode((name, value) for name, value in lines if name.lower() not in hidden), unpacked
    )


def _endless() -> NoResponse:
    return NoResponse("endless", f"the answer is over {LARGEST_RESPONSE} bytes long")


def _failure_of(error: Exception, within: float) -> Exception:
    if isinstance(error, httpcore.LocalProtocolError | httpcore.UnsupportedProtocol):
        return NotSent(str(error))
    if isinstance(error, httpcore.ConnectTimeout):
        return NoResponse("unreachable", f"no connection within {within:.0f} s", gone=True)
    if isinstance(error, httpcore.TimeoutException):
        return NoResponse("timeout", f"no whole answer within {within:.0f} s")
    if isinstance(error, httpcore.ConnectError):
        if _is_tls(error):
            return NoResponse("tls", f"no trusted TLS connection: {error}", gone=True)
        return NoResponse("unreachable", f"no connection: {error}")
    if isinstance(error, httpcore.RemoteProtocolError) and "disconnected" not in str(error):
        if "complete message body" in str(error):
            return NoResponse("incomplete", f"the answer ends before the length that it announces: {error}")
        return NoResponse("malformed", f"the answer is not HTTP: {error}")
    return NoResponse("dropped", f"the connection was closed without an answer: {error}")


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return "SSL" in str(error) or "CERTIFICATE" in str(error)
