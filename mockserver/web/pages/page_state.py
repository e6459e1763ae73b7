"""The state of a checkout page's session, for the script of the open page."""

from __future__ import annotations

from datetime import timedelta

from mockserver.asgi import Receive, Scope, Send
from mockserver.billing import Checkout, Clocks
from mockserver.domain.errors import CheckoutError, MethodNotAllowed
from mockserver.web.http.methods import READ_METHODS, options_reply
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Reply


class PageState:
    """Answer `/c/pay/{id}/state`, as an ASGI application. It is not recorded, and planned faults do not apply."""

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

    async def _reply(self, method: str, session_id: str) -> Reply:
        if method == "OPTIONS":
            return options_reply(READ_METHODS)
        if method not in READ_METHODS:
            raise MethodNotAllowed(method, READ_METHODS)
        session, now = await self._checkout.view(session_id)
        face = await self._clocks.face(session.account)
        left = max(session.expires_at - now, timedelta())
        return Reply.json({"status": session.status.value, "seconds_left": left.total_seconds(), "frozen": face.frozen})
