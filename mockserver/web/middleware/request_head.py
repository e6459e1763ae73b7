"""The request line and headers: their size, and the slashes of the path."""

from __future__ import annotations

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.domain.errors import HeadersTooLarge
from mockserver.web.http.refusal import refusal

HEADER_LIMIT: Final = 32 * 1024

_SLASHES: Final = re.compile("//+")


class RequestHead:
    """Refuse a request line and headers over 32 KiB; merge repeated slashes in the path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            size = len(scope["query_string"]) + len(scope["path"])
            for name, value in scope["headers"]:
                size += len(name) + len(value)
            if size > HEADER_LIMIT:
                error = HeadersTooLarge(f"the request line and headers have {size} bytes; the limit is {HEADER_LIMIT}")
                await refusal(error)(scope, receive, send)
                return
            if "//" in scope["path"]:
                scope["path"] = _SLASHES.sub("/", scope["path"])
        await self.app(scope, receive, send)
