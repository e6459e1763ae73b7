"""Load: keep-alive connections that each send the next request after the answer to the last.

The load runs in a process of its own and parses only the length of an answer, so that two cores measure the server.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final, cast

PATIENCE_SECONDS: Final = 120.0
BODY: Final = b'{"amount": 50, "success_url": "https://shop.example/ok", "cancel_url": "https://shop.example/no"}'
REQUEST: Final = (
    b"POST /billing/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: sk-bench\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load: answers per second, and latencies in milliseconds."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    not_200: int


class LoadConnection(asyncio.Protocol):
    """Sends `quota` requests, one after the other."""

    def __init__(self, quota: int, latencies: list[float], done: asyncio.Future[None]) -> None:
        self.left = quota
        self.latencies = latencies
        self.done = done
        self.not_200 = 0
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(
            "asyncio.Transport", transport
        )  # uvloop's transport does not inherit from asyncio.Transport
        self.send()

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        start = lower.index(b"content-length:") + 15
        length = int(lower[start:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.latencies.append(time.perf_counter() - self.sent_at)
        self.not_200 += not head.startswith(b"HTTP/1.1 200")
        self.buffer = b""
        self.left -= 1
        if self.left:
            self.send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


async def run_load(port: int, *, requests: int, connections: int) -> Load:
    """Send the requests over parallel connections."""
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    started = time.perf_counter()
    protocols = []
    waits = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        _, protocol = await loop.create_connection(
            lambda done=done: LoadConnection(requests // connections, latencies, done),  # type: ignore[misc]  # bound now
            "127.0.0.1",
            port,
        )
        protocols.append(protocol)
        waits.append(done)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*waits)
    took = time.perf_counter() - started
    latencies.sort()
    return Load(
        requests=len(latencies),
        per_second=len(latencies) / took,
        p50_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
        not_200=sum(protocol.not_200 for protocol in protocols),
    )


if __name__ == "__main__":
    import uvloop

    port, requests, connections = map(int, sys.argv[1:4])
    print(json.dumps(asdict(uvloop.run(run_load(port, requests=requests, connections=connections)))))
