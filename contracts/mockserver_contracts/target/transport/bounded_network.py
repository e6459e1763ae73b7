"""A network on which no exchange outlives its time or receives more than its share.

A time-out for each read is no bound: a server that sends one byte a second keeps to it for ever.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore

from mockserver_contracts.target.transport.framing import LONGEST_HEAD

HEAD_ALLOWANCE: Final = 1024 * 1024
"""The bytes that an exchange may receive beside the body."""


class TooMuchReceived(Exception):
    """The exchange received more bytes than it may."""


class BoundedBackend(httpcore.NetworkBackend):
    """Connections whose reads and writes end with the exchange of the calling thread."""

    def __init__(self, *, most_bytes: int) -> None:
        self._network = httpcore.SyncBackend()
        self._most_bytes = most_bytes
        self._exchange = threading.local()

    def begin(self, *, ends: float) -> None:
        """Begin an exchange of this thread; `ends` is a time of `time.monotonic`."""
        self._exchange.ends = ends
        self._exchange.received = 0
        self._exchange.beginning = bytearray()

    @property
    def received(self) -> int:
        """The number of bytes that the exchange of this thread received so far."""
        return int(self._exchange.received)

    @property
    def beginning(self) -> bytes:
        """The first of these bytes."""
        return bytes(self._exchange.beginning)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore.NetworkBackend."""
        stream = self._network.connect_tcp(host, port, self.seconds_left(timeout), local_address, socket_options)
        return _BoundedStream(stream, self)

    def seconds_left(self, timeout: float | None) -> float:
        """The rest of the exchange's time, at most `timeout`. Above 0, since 0 means not to wait at all."""
        left: float = max(self._exchange.ends - time.monotonic(), 0.001)
        return left if timeout is None else min(left, timeout)

    def receive(self, data: bytes) -> bytes:
        """Count the bytes; raise ReadTimeout or TooMuchReceived at a bound."""
        self._exchange.received += len(data)
        self._exchange.beginning += data[: LONGEST_HEAD - len(self._exchange.beginning)]
        if self._exchange.received > self._most_bytes + HEAD_ALLOWANCE:
            raise TooMuchReceived
        if time.monotonic() > self._exchange.ends:
            raise httpcore.ReadTimeout
        return data


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, backend: BoundedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._backend.receive(self._stream.read(max_bytes, self._backend.seconds_left(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.seconds_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._backend.seconds_left(timeout))
        return _BoundedStream(stream, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
