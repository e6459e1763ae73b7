"""The answer while the store is gone or damaged."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.domain.errors import StoreUnavailable
from mockserver.web.http.refusal import refusal


class StoreGuard:
    """Answer 503 if the store is unavailable."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except StoreUnavailable as error:
            if has_begun:
                raise
            await refusal(error)(scope, receive, send)
