"""The choice between the contract's paths and the mock's own."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class ContractDispatch:
    """Pass every request to the contract's application, except on the mock's own paths."""

    def __init__(self, app: ASGIApp, *, contract: ASGIApp, is_own_path: Callable[[str], bool]) -> None:
        self.app = app
        self._contract = contract
        self._is_own_path = is_own_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_own_path(scope["path"]):
            await self._contract(scope, receive, send)
        else:
            await self.app(scope, receive, send)
