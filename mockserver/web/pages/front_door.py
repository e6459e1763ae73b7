"""The paths that a browser asks for by itself, `/` and `/favicon.ico`. The journal has neither."""

from __future__ import annotations

from importlib.resources import files

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.paths import DASHBOARD, FAVICON
from mockserver.web.http.reply import Reply


class FrontDoor:
    """Lead a browser from `/` to the dashboard, and give it an icon; other clients get what the contract answers."""

    def __init__(self, contract: ASGIApp) -> None:
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await self._contract(scope, receive, send)
        elif scope["path"] == FAVICON:
            icon = files("mockserver.web").joinpath("assets", "dashboard", "icon.svg").read_bytes()
            reply = Reply(200, icon, media_type="image/svg+xml", headers=[(b"cache-control", b"max-age=86400")])
            reply.content = b"" if scope["method"] == "HEAD" else reply.content
            await reply(scope, receive, send)
        elif prefers_html(scope["headers"]):
            await Reply(307, headers=[(b"location", DASHBOARD.encode()), (b"vary", b"Accept")])(scope, receive, send)
        else:
            await self._contract(scope, receive, send)
