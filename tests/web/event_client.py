"""A mock with clients of its event stream; mock, clients and callers share one event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import httpx

from mockserver import Settings, create_app
from mockserver.asgi import ASGIApp
from tests.web.control_audit import audit_event
from tests.web.lifespan import lifespan
from tests.web.mock_client import HERE, KEY, SettableWall, found_id

PATIENCE: Final = 30.0
"""The test fails if an event takes longer, in seconds."""


class Event(NamedTuple):
    """One event as a client reads it. A comment has its text as data and no name."""

    name: str
    data: Any
    id: str | None = None


class Stream:
    """A client of `/_mock/events`. It reads nothing while `reads` is cleared, and the sender waits."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.reads = asyncio.Event()
        self.reads.set()
        self.has_ended = False
        self._gone = asyncio.Event()
        self._asked = False
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    async def next(self, name: str | None = None) -> Event:
        """The next event, or the next of that name."""
        while True:
            event = await asyncio.wait_for(self._events.get(), PATIENCE)
            if name in (None, event.name) and (name is not None or event.name):
                return event

    async def comment(self) -> str:
        """The next comment."""
        while (event := await asyncio.wait_for(self._events.get(), PATIENCE)).name:
            pass
        return str(event.data)

    def hang_up(self) -> None:
        """Disconnect."""
        self._gone.set()

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        for event in _events(message["body"].decode()):
            self._events.put_nowait(event)
        self.has_ended = not message.get("more_body")


class Listened:
    """A mock, its callers and its event clients."""

    def __init__(self, app: ASGIApp, real_time: SettableWall) -> None:
        self._app = app
        self.real_time = real_time
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """The response of a call that succeeds."""
        headers = {"x-access-token": key} if key else {}
        response = await self.client.post(path, json={} if body is None else body, headers=headers)
        assert response.status_code == 200, response.text
        return response

    async def create(self, *, key: str = KEY) -> str:
        """The id of a new session."""
        return found_id((await self.post("/billing/checkout", {"amount": 5}, key=key)).text)

    async def use(self, *, key: str = KEY) -> None:
        """Make an exchange without an effect."""
        await self.client.get("/billing/usage", headers={"x-access-token": key})

    @asynccontextmanager
    async def listener(self, query: str = "", **headers: str) -> AsyncIterator[Stream]:
        """A client with an open stream; it disconnects when the block ends."""
        stream = Stream()
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/_mock/events",
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1"), *sent],
            "scheme": "http",
            "server": ("127.0.0.1", 80),
        }
        task = asyncio.ensure_future(self._app(scope, stream.receive, stream.send))
        try:
            assert await stream.comment() == "live"
            yield stream
        finally:
            stream.hang_up()
            stream.reads.set()
            await asyncio.wait_for(task, PATIENCE)


@asynccontextmanager
async def listened(**overrides: object) -> AsyncIterator[Listened]:
    """A mock with event clients; its real time stands still."""
    real_time = SettableWall()
    app = create_app(Settings().having(**overrides), real_time=real_time)
    async with lifespan(app):
        mock = Listened(app, real_time)
        async with mock.client:
            yield mock


def _events(text: str) -> Iterator[Event]:
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        for line in block.splitlines():
            name, _, value = line.partition(": ")
            fields[name] = value
        if "data" in fields:
            event = Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
            audit_event(event.name, event.data)
            yield event
        elif "" in fields:
            yield Event("", fields[""])
