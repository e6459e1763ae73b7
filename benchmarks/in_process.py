"""The processor time of a request in one process: the mock's protocol and application, without sockets and clients.

It compares two versions on a machine with other work: `--against FOLDER` runs both in turn. Sixteen connections send
their requests in the same turn of the event loop. The requests are those of `requests.lua`, none like another.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import uvicorn
import uvloop
from uvicorn.server import ServerState

from benchmarks.bare_app import config as server_config
from benchmarks.load import CONNECTIONS
from benchmarks.workload import LIST_ACCOUNTS, LIST_SESSIONS, Workload
from mockserver.app import create_app
from mockserver.cli.serve.process import collect_rarely
from mockserver.server.http_protocol import HttpProtocol
from mockserver.settings import Settings

KEYS: Final = 1000  # as in benchmarks/requests.lua
OFFSETS: Final = 91
WARM_UP: Final = 2_000
ROUNDS: Final = 20
_POST: Final = (
    "POST /billing/checkout HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nx-access-token: sk-{key}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
)
_BODY: Final = (
    '{{"amount": {amount}, "success_url": "https://shop.example/ok?order={order}",'
    ' "cancel_url": "https://shop.example/no?order={order}"}}'
)
_GET: Final = (
    "GET /billing/checkouts?limit=10&offset={offset} HTTP/1.1\r\nHost: 127.0.0.1:8765\r\n"
    "x-access-token: sk-list-{account}\r\n\r\n"
)


class FakeTransport(asyncio.Transport):
    """A connection's other end: it sends the next request in the turn after an answer."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._protocol: Any = None

    def connect(self, protocol: HttpProtocol) -> None:
        """Connect, and send the first request."""
        self._protocol = protocol
        protocol.connection_made(self)
        self._send()

    def write(self, data: Any) -> None:
        """Take an answer, which arrives whole."""
        self._client.take(data)
        self._send()

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Close the connection."""
        self._protocol.connection_lost(None)

    def _send(self) -> None:
        request = self._client.next_request()
        if request is not None:
            asyncio.get_running_loop().call_soon(self._protocol.data_received, request)


class Client:
    """Sends requests over all connections, and counts the answers."""

    def __init__(self, requests: Iterator[bytes], *, count: int, status: int) -> None:
        self._requests = requests
        self._unsent = self._unanswered = count
        self._status = b"HTTP/1.1 %d " % status
        self.done = asyncio.get_running_loop().create_future()

    def next_request(self) -> bytes | None:
        """The next request; None after the last."""
        if not self._unsent:
            return None
        self._unsent -= 1
        return next(self._requests)

    def take(self, answer: bytes) -> None:
        """Count an answer. One with another status ends the exchange."""
        if not answer.startswith(self._status) and not self.done.done():
            self.done.set_exception(ValueError(f"an unexpected answer: {answer!r}"))
        self._unanswered -= 1
        if not self._unanswered and not self.done.done():
            self.done.set_result(None)


def requests_of(workload: Workload) -> Iterator[bytes]:
    """The requests of a workload, without end."""
    for number in itertools.count():
        if workload is Workload.LIST:
            yield _GET.format(offset=number % OFFSETS, account=number % LIST_ACCOUNTS).encode()
        elif workload is Workload.REFUSED:
            yield post(f"bench-{number % KEYS}", f'"{number} dollars of load 1"', number)
        else:
            yield post(f"bench-{number % KEYS}", 5 + number % 997, number)


def post(key: str, amount: object, order: int) -> bytes:
    """A request for a checkout."""
    body = _BODY.format(amount=amount, order=order)
    return _POST.format(key=key, length=len(body), body=body).encode()


async def microseconds(settings: Settings, workload: Workload, count: int, *, warm_up: int = WARM_UP) -> float:
    """The processor time of a request, of so many."""
    config = server_config(0, create_app(settings))
    config.load()
    if workload is Workload.LIST:
        fill = (post(f"list-{number % LIST_ACCOUNTS}", 50, number) for number in itertools.count())
        await exchange(config, fill, count=LIST_ACCOUNTS * LIST_SESSIONS)
    requests, status = requests_of(workload), 400 if workload is Workload.REFUSED else 200
    await exchange(config, requests, count=warm_up, status=status)
    before = time.process_time()
    await exchange(config, requests, count=count, status=status)
    return (time.process_time() - before) / count * 1e6


async def exchange(config: uvicorn.Config, requests: Iterator[bytes], *, count: int, status: int = 200) -> None:
    """Send requests over new connections, and wait for all answers. Raises ValueError for another status."""
    client, state = Client(requests, count=count, status=status), ServerState()
    transports = [FakeTransport(client) for _ in range(CONNECTIONS)]
    for transport in transports:
        transport.connect(HttpProtocol(config, state, {}))
    await client.done
    for transport in transports:
        transport.close()


def compare(arguments: Sequence[str], other: Path) -> str:
    """Measure this version and the one in another folder in turn. The lowest figures count: other work only adds."""
    figures: dict[Path, list[float]] = {Path.cwd(): [], other: []}
    for turn in range(ROUNDS):
        for folder in reversed(figures) if turn % 2 else figures:
            command = [sys.executable, "-m", "benchmarks.in_process", *arguments]
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
            figures[folder].append(float(run.stdout))
    own, others = map(min, figures.values())
    return f"{own:.1f} us, there {others:.1f} us: {own / others:.3f} of it"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_process", description=__doc__)
    parser.add_argument("workload", type=Workload, choices=list(Workload))
    parser.add_argument("--store", default="memory", help="Store of the mock. [default: memory]")
    parser.add_argument("--requests", type=int, default=5_000, help="Number of requests. [default: 5000]")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="Measure the version in this folder, too.")
    arguments = parser.parse_args(argv)
    if arguments.against is not None:
        given = [arguments.workload, "--store", arguments.store, "--requests", str(arguments.requests)]
        print(compare(given, arguments.against))
        return 0
    collect_rarely()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figure = runner.run(microseconds(Settings(store=arguments.store), arguments.workload, arguments.requests))
    print(f"{figure:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
