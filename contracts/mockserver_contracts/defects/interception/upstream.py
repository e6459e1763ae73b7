"""The correct server upstream of a defect."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import JSON, InterceptedResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

SESSION: Final = re.compile(r"cs_test_[A-Za-z0-9]{58}")
# Entries that the server adds to a request's scope under this prefix go back to the caller's scope.
_OWN_SCOPE: Final = "mockserver."


class Upstream:
    """Sends requests to the application below a defect, and reads the correct state from the control API."""

    def __init__(self, application: Application, correct: Application, *, control_token: str | None) -> None:
        self._application = application
        self._correct = correct
        self._control_token = control_token

    async def send(self, request: InterceptedRequest) -> InterceptedResponse:
        """Send the request to the application below."""
        return await _call(self._application, request)

    async def refuse(self, request: InterceptedRequest, pointer: str, message: str) -> InterceptedResponse:
        """Refuse a valid request with a well-formed error; without a valid key the server's own refusal remains."""
        if not await self.account(request.key):
            return await self.send(request)
        error = {"pointer": pointer, "message": message, "code": "invalid"}
        body = {"success": False, "message": message, "error_code": "invalid_request", "errors": [error]}
        return InterceptedResponse.of_json(400, body)

    async def call_control(self, path: str, body: Any = None) -> Any:
        """Call the control API of the correct server: GET without a body, POST with one; the response is JSON."""
        path, _, query = path.partition("?")
        headers = [(b"host", b"localhost"), (b"content-type", JSON)]
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
        request = InterceptedRequest(scope, method, f"/_mock/{path}", query.encode(), tuple(headers), sent)
        return (await _call(self._correct, request)).json

    async def session(self, name: str) -> dict[str, Any]:
        """A session as the control API shows it; empty if there is none."""
        session = await self.call_control(f"sessions/{name}") if SESSION.fullmatch(name) else None
        return session if isinstance(session, dict) and "status" in session else {}

    async def account(self, key: str | None) -> dict[str, Any]:
        """The account of an API key; empty if there is none."""
        if key is None or not key.isascii() or not re.fullmatch(r"[\w-]+", key):
            return {}
        reply = await self.call_control(f"accounts?key={key}")
        accounts = reply.get("accounts", []) if isinstance(reply, dict) else []
        return dict(accounts[0]) if accounts else {}


def find_session_id(response: InterceptedResponse) -> str | None:
    """The first session id in a response's body."""
    match = SESSION.search(response.body.decode("utf-8", "replace"))
    return None if match is None else match[0]


async def _call(application: Application, request: InterceptedRequest) -> InterceptedResponse:
    headers = [header for header in request.headers if header[0] != b"content-length"]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.append((b"content-length", b"%d" % len(request.body)))
    raw_path = request.path.encode("utf-8", "surrogateescape")
    is_same_path = request.path == request.scope.get("path")
    scope = {
        **request.scope,
        "method": request.method,
        "path": request.path,
        "raw_path": request.scope.get("raw_path", raw_path) if is_same_path else raw_path,
        "query_string": request.query,
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
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await application(scope, receive, send)
    request.scope.update({name: value for name, value in scope.items() if name.startswith(_OWN_SCOPE)})
    lowered = tuple((bytes(name).lower(), bytes(value)) for name, value in start.get("headers", ()))
    return InterceptedResponse(start.get("status", 500), lowered, bytes(body))
