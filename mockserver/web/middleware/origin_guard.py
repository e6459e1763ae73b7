"""Access to checkout pages and the control API: local web pages only."""

from __future__ import annotations

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.domain.errors import CheckoutError, ForbiddenOrigin
from mockserver.web.http.headers import headers_of
from mockserver.web.http.hosts import is_loopback_origin, is_same_origin
from mockserver.web.http.paths import CONTROL, DASHBOARD_PAGES
from mockserver.web.http.refusal import refusal


class OriginGuard:
    """Refuse web pages that are neither ours nor local."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (error := self._refusal(scope)):
            await refusal(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> CheckoutError | None:
        headers = headers_of(scope)
        origins = [value.decode("latin-1") for value in headers.every(b"origin")]
        for origin in origins:
            if not is_same_origin(origin, scope["scheme"], headers.host) and not is_loopback_origin(origin):
                return ForbiddenOrigin(f"a web page from {origin[:80]!r} is not allowed here; local pages are")
        # an Origin is more precise: to a browser, localhost and 127.0.0.1 are two sites
        if not origins and _is_cross_site(scope):
            return ForbiddenOrigin("a web page of another site may link here, but may not send this request")
        return None


def _is_cross_site(scope: Scope) -> bool:
    """A browser sends the request for another site's page, and it is no navigation to a page of ours."""
    fetch = {name: value for name, value in scope["headers"] if name.startswith(b"sec-fetch-")}
    if fetch.get(b"sec-fetch-site") != b"cross-site":
        return False
    navigates = fetch.get(b"sec-fetch-mode") == b"navigate" and fetch.get(b"sec-fetch-dest") == b"document"
    is_page = scope["path"] in DASHBOARD_PAGES or not scope["path"].startswith(CONTROL)
    return not (navigates and is_page and scope["method"] in ("GET", "HEAD"))
