"""A recorder of exchanges, for httpx clients with or without asyncio, in one thread or many, and for raw sockets.

It keeps bytes and moments; it parses them when it is audited, so that it costs the clients little.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.auditor.auditor import audit
from tests.auditor.contradiction import Report
from tests.auditor.exchange import FOREVER, Exchange, is_unknown
from tests.auditor.rules import Rules


@dataclass(slots=True)
class Recorded:
    """A request and its answer as bytes."""

    method: str
    target: str
    key: str | None
    body: bytes
    sent: float
    ended: float = FOREVER
    status: int | None = None
    content: bytes | None = None
    settled: float = FOREVER

    def answered(self, status: int, content: bytes | None) -> None:
        """Note the answer, which has just arrived; without content it broke off."""
        self.ended, self.status, self.content = perf_counter(), status, content

    def exchange(self) -> Exchange:
        """The exchange, parsed."""
        parts = urlsplit(self.target)
        return Exchange(
            self.method,
            parts.path,
            self.sent,
            self.ended if self.status is not None else self.settled,
            self.status,
            _parsed(self.content),
            self.key,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            _fields(self.body),
            self.settled,
        )


class Recorder:
    """The exchanges of any number of clients."""

    def __init__(self) -> None:
        self._recorded: list[Recorded] = []

    @property
    def requests(self) -> int:
        """The number of requests so far."""
        return len(self._recorded)

    def sending(self, method: str, target: str, *, key: str | None = None, body: bytes = b"") -> Recorded:
        """Note a request that is about to be sent. Without an answer, its outcome stays unknown."""
        recorded = Recorded(method, target, key, body, perf_counter())
        self._recorded.append(recorded)
        return recorded

    def sending_bytes(self, request: bytes) -> Recorded:
        """Note a request in HTTP/1.1's own form."""
        head, _, body = request.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        keys = [value for name, _, value in (field.partition(": ") for field in fields) if name == "x-access-token"]
        return self.sending(method, target, key=keys[0] if keys else None, body=body)

    def settle(self) -> None:
        """Note that the servers are dead: a request of unknown outcome takes no effect from now on."""
        now = perf_counter()
        for recorded in self._recorded:
            if is_unknown(recorded.status) and math.isinf(recorded.settled):
                recorded.settled = now

    def client(self, url: str, **options: Any) -> httpx.Client:
        """A client whose exchanges are recorded."""
        return httpx.Client(base_url=url, transport=RecordingTransport(self, httpx.HTTPTransport()), **options)

    def async_client(self, url: str, **options: Any) -> httpx.AsyncClient:
        """A client for asyncio whose exchanges are recorded."""
        transport = AsyncRecordingTransport(self, httpx.AsyncHTTPTransport())
        return httpx.AsyncClient(base_url=url, transport=transport, **options)

    def exchanges(self) -> list[Exchange]:
        """The exchanges so far."""
        return [recorded.exchange() for recorded in list(self._recorded)]

    def audit(self, rules: Rules | None = None) -> Report:
        """The audit of all exchanges so far."""
        return audit(self.exchanges(), rules)


class RecordingTransport(httpx.BaseTransport):
    """A transport that records the exchanges of another."""

    def __init__(self, recorder: Recorder, inner: httpx.BaseTransport) -> None:
        self._recorder = recorder
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and read its answer to the end."""
        recorded = _sending(self._recorder, request, request.read())
        response = self._inner.handle_request(request)
        try:
            content = response.read()
        except httpx.TransportError:
            recorded.answered(response.status_code, None)
            raise
        recorded.answered(response.status_code, content)
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """The same for asyncio."""

    def __init__(self, recorder: Recorder, inner: httpx.AsyncBaseTransport) -> None:
        self._recorder = recorder
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and read its answer to the end."""
        recorded = _sending(self._recorder, request, await request.aread())
        response = await self._inner.handle_async_request(request)
        try:
            content = await response.aread()
        except httpx.TransportError:
            recorded.answered(response.status_code, None)
            raise
        recorded.answered(response.status_code, content)
        return response

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._inner.aclose()


def _sending(recorder: Recorder, request: httpx.Request, body: bytes) -> Recorded:
    key = request.headers.get("x-access-token")
    return recorder.sending(request.method, request.url.raw_path.decode("ascii"), key=key, body=body)


def _parsed(content: bytes | None) -> Any:
    """The value of a JSON body, its numbers exact; None for anything else."""
    if not content:
        return None
    try:
        return json.loads(content, parse_float=Decimal)
    except ValueError:
        return None


def _fields(body: bytes) -> Mapping[str, Any]:
    """The members of a JSON object, or the fields of a form."""
    if body[:1] != b"{":
        return dict(parse_qsl(body.decode("latin-1")))
    found = _parsed(body)
    return found if isinstance(found, dict) else {}
