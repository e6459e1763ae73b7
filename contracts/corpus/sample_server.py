"""A server that answers a document's operations with samples, so that a fuzzer finds its way from one to the next.

It is no server to test against: what it answers is valid by the document and means nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, Final

from mockserver.contract.pointer import dereferenced
from mockserver.contract.sample import sample

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, bytes, bytes]

_NOTHING: Final[Answer] = (404, b"application/json", b"{}")


class SampleServer:
    """An ASGI application."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._answers = {(method, pattern): answer for method, pattern, answer in _answers(document)}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        status, media_type, body = self._answer(scope["method"], scope["path"])
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", media_type)]})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, method: str, path: str) -> Answer:
        found = (
            each for (known, pattern), each in self._answers.items() if known == method and pattern.fullmatch(path)
        )
        return next(found, _NOTHING)


def _answers(document: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str], Answer]]:
    paths: Mapping[str, Any] = document.get("paths", {})
    # A path without parameters is more itself than one with them.
    for path, item in sorted(paths.items(), key=lambda pair: pair[0].count("{")):
        pattern = re.compile(re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(path)))
        for method, operation in item.items():
            if isinstance(operation, Mapping) and "responses" in operation:
                yield method.upper(), pattern, _success(operation["responses"], document)


def _success(responses: Mapping[str, Any], document: Mapping[str, Any]) -> Answer:
    known = sorted(str(status) for status in responses)
    status = next((each for each in known if each.startswith("2")), "default" if "default" in known else "204")
    code = int(status) if status.isdigit() else 200
    try:
        content = dereferenced(document, responses.get(status, {})).get("content", {})
    except (LookupError, AttributeError):
        content = {}
    media_type = next((each for each in content if "json" in each), next(iter(content), "application/json"))
    told = content.get(media_type, {})
    value = told["example"] if "example" in told else sample(told.get("schema", {}), document)
    body = b"" if code in (204, 304) else json.dumps(value, default=str).encode()
    return code, media_type.encode("latin-1", "replace"), body


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
