"""The baseline of the store in PostgreSQL: an ASGI function that inserts a row and commits for each request.

Rule 1: server and garbage collector are those of the bare app.
Rule 2: each request at work has a connection, and takes one round trip: PostgreSQL commits by itself. The statement is
        prepared.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import psycopg
import uvicorn

from benchmarks.bare_app import BODY, HEADERS, config

_CREATE: Final = "CREATE TABLE IF NOT EXISTS benchmark_rows (seq bigserial PRIMARY KEY, account text, record text)"
_INSERT: Final = "INSERT INTO benchmark_rows (account, record) VALUES (%s, %s)"


class InsertingApp:
    """The function, and its idle connections."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._idle: list[psycopg.AsyncConnection[Any]] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Read the body, insert it, and send the fixed reply."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        connection = self._idle.pop() if self._idle else await self._connect()
        await connection.execute(_INSERT, ("acct_0123456789ab", body.decode()), prepare=True)
        self._idle.append(connection)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True)


if __name__ == "__main__":
    address, port = sys.argv[1:]
    with psycopg.connect(address) as first:
        first.execute(_CREATE)
    gc.freeze()
    gc.set_threshold(20_000)
    uvicorn.Server(config(int(port), InsertingApp(address))).run()
