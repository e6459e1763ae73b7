"""The answer while the store is gone or damaged."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.domain.errors import StoreUnavailable
from mockserver.web.http.refusal import refusal


class StoreGuard:
    """Answer 503 if the store is unavailable. No answer has begun by then, but for an event stream, which ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except StoreUnavailable as error:
            try:
                await refusal(error)(scope, receive, send)
            except RuntimeError:  # an answer has begun
                raise error from None
