"""What a checkout page asks while it is open: how its one session stands, which the page itself would tell too."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.billing import Checkout, Clocks
from mockserver.domain.errors import CheckoutError, MethodNotAllowed
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Reply

METHODS: Final = ("GET", "HEAD", "OPTIONS")


class PageState:
    """Answers `/c/pay/{id}/state`, as an ASGI application; no journal keeps it, and no fault strikes it."""

    def __init__(self, checkout: Checkout, clocks: Clocks) -> None:
        self._checkout = checkout
        self._clocks = clocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            reply = await self._reply(scope["method"], scope["path_params"]["id"])
        except CheckoutError as error:
            reply = refusal(error)
        reply.headers.append((b"cache-control", b"no-store"))
        reply.headers.append((b"x-content-type-options", b"nosniff"))
        await reply(scope, receive, send)

    async def _reply(self, method: str, name: str) -> Reply:
        if method == "OPTIONS":
            return Reply(204, headers=[(b"allow", ", ".join(METHODS).encode())])
        if method not in METHODS:
            raise MethodNotAllowed(method, METHODS)
        session, now = await self._checkout.view(name)
        face = await self._clocks.face(session.account)
        left = max(session.expires_at - now, timedelta())
        return Reply.json({"status": session.status.value, "seconds_left": left.total_seconds(), "frozen": face.frozen})
