"""A server that answers every declared operation with a sample, as the mock does for stateless operations.

The generator needs its responses to follow links from one operation to the next. They are valid, but mean nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from mockserver.contract import Contract, Operation
from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import MockedResponse, NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_NOTHING: Final = MockedResponse(404, "application/json", b"{}", {}, (), ())
_ANY: Final = Preferences()


class SampleServer:
    """An ASGI application that serves samples of a document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._contract = Contract(document)
        self._answers: dict[Operation, MockedResponses] = {}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        answer = self._answer(scope["method"], scope["path"])
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        if answer.media_type is not None:
            headers.append((b"content-type", answer.media_type.encode("latin-1", "replace")))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})

    def _answer(self, method: str, path: str) -> MockedResponse:
        item = self._contract.path(path)
        operation = item.operation(method) if item else None
        if operation is None:
            return _NOTHING
        answers = self._answers.setdefault(operation, MockedResponses(operation))
        try:
            return answers.make(_ANY)
        except NoMockedResponse:
            return _NOTHING


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
