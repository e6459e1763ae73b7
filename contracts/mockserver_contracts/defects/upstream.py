"""The correct server beneath a defect, as the defect asks it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from mockserver_contracts.defects.request import Answer, Call

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

SESSION: Final = re.compile(r"cs_test_[A-Za-z0-9]{58}")
# What a server notes in a request's scope under its own name comes back to whoever looks at the request from outside.
_NOTES: Final = "mockserver."


class Server:
    """Answers calls, and tells through its control API what is so."""

    def __init__(self, application: Application, ground: Application, *, control_token: str | None) -> None:
        self._application = application
        self._ground = ground
        self._control_token = control_token

    async def answer(self, call: Call) -> Answer:
        """The answer of what lies beneath."""
        return await _answer(self._application, call)

    async def control(self, path: str, body: Any = None) -> Any:
        """What the control API of the correct server says to a GET, or with a body to a POST."""
        path, _, query = path.partition("?")
        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        if self._control_token is not None:
            headers.append((b"authorization", f"Bearer {self._control_token}".encode()))
        sent = b"" if body is None else json.dumps(body).encode()
        scope: MutableMapping[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        method = "GET" if body is None else "POST"
        call = Call(scope, method, f"/_mock/{path}", query.encode(), tuple(headers), sent)
        return (await _answer(self._ground, call)).json

    async def session(self, name: str) -> dict[str, Any]:
        """A session as the control API shows it; empty where there is none."""
        found = await self.control(f"sessions/{name}") if SESSION.fullmatch(name) else None
        return found if isinstance(found, dict) and "status" in found else {}

    async def account(self, key: str | None) -> dict[str, Any]:
        """The account that an API key opens; empty where it opens none."""
        if key is None or not key.isascii() or not re.fullmatch(r"[\w-]+", key):
            return {}
        found = await self.control(f"accounts?key={key}")
        accounts = found.get("accounts", []) if isinstance(found, dict) else []
        return dict(accounts[0]) if accounts else {}


def session_in(answer: Answer) -> str | None:
    """The id of the session that an answer is about."""
    found = SESSION.search(answer.body.decode("utf-8", "replace"))
    return None if found is None else found[0]


async def _answer(application: Application, call: Call) -> Answer:
    headers = [header for header in call.headers if header[0] != b"content-length"]
    if call.body or call.method in ("POST", "PUT", "PATCH"):
        headers.append((b"content-length", b"%d" % len(call.body)))
    raw_path = call.path.encode("utf-8", "surrogateescape")
    scope = {
        **call.scope,
        "method": call.method,
        "path": call.path,
        "raw_path": call.scope.get("raw_path", raw_path) if call.path == call.scope.get("path") else raw_path,
        "query_string": call.query,
        "headers": headers,
    }
    start: Message = {}
    body = bytearray()
    is_read = False

    async def receive() -> Message:
        nonlocal is_read
        if is_read:
            return {"type": "http.disconnect"}
        is_read = True
        return {"type": "http.request", "body": call.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await application(scope, receive, send)
    call.scope.update({name: value for name, value in scope.items() if name.startswith(_NOTES)})
    given = tuple((bytes(name).lower(), bytes(value)) for name, value in start.get("headers", ()))
    return Answer(start.get("status", 500), given, bytes(body))
