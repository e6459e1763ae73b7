"""`python -m benchmarks.dashboard.live_load PORT RATE SECONDS`: requests at a constant rate, by a process of its own.

It writes HTTP by hand: a client library would take the processor that the browser needs.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from time import perf_counter
from typing import Any, Final

from benchmarks.dashboard.filling import key

ACCOUNTS: Final = 50
"""The accounts that are active."""
CONNECTIONS: Final = 4
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


async def send_requests(port: int, *, per_second: int, seconds: int) -> None:
    """Create sessions, pay each fifth, and ask for usage: one request at each step of the rate."""
    started = perf_counter()
    last = per_second * seconds
    await asyncio.gather(
        *(_send(port, range(first, last, CONNECTIONS), started, per_second) for first in range(CONNECTIONS))
    )


async def _send(port: int, numbers: range, started: float, per_second: int) -> None:
    client = _Client(*await asyncio.open_connection("127.0.0.1", port))
    session = None
    for number in numbers:
        await asyncio.sleep(max(0.0, started + number / per_second - perf_counter()))
        api_key = key(number % ACCOUNTS)
        if number // CONNECTIONS % 5 == 0:
            session = (await client.call("POST", "/billing/checkout", api_key, {"amount": 5}))["id"]
        elif session is not None and number // CONNECTIONS % 5 == 1:
            await client.call("POST", f"/_mock/sessions/{session}/pay", api_key, {})
        elif number // CONNECTIONS % 5 == 2:
            await client.call("POST", "/billing/checkout", api_key, {"amount": "5"})
        else:
            await client.call("GET", "/billing/usage", api_key)
    client.writer.close()


class _Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def call(self, method: str, path: str, api_key: str, body: Mapping[str, object] | None = None) -> Any:
        """The JSON of the answer."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "content-type: application/json\r\n"
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-access-token: {api_key}\r\n{kind}"
        self.writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content)
        found = _LENGTH.search(await self.reader.readuntil(b"\r\n\r\n"))
        return json.loads(await self.reader.readexactly(int(found[1]) if found else 0))


if __name__ == "__main__":
    asyncio.run(send_requests(int(sys.argv[1]), per_second=int(sys.argv[2]), seconds=int(sys.argv[3])))
