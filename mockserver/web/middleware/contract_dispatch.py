"""The choice between the contract's paths and the mock's own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from mockserver.asgi import ASGIApp, Receive, Scope, Send

_SLASHES: Final = re.compile("//+")


class ContractDispatch:
    """Pass every request to the contract's application, except on the mock's own paths. Repeated slashes are one."""

    def __init__(self, app: ASGIApp, *, contract: ASGIApp, is_own_path: Callable[[str], bool]) -> None:
        self._app = app
        self._contract = contract
        self._is_own_path = is_own_path

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        if "//" in scope["path"]:
            scope["path"] = _SLASHES.sub("/", scope["path"])
        return (self._app if self._is_own_path(scope["path"]) else self._contract)(scope, receive, send)
