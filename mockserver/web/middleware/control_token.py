"""The bearer token of the control API."""

from __future__ import annotations

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.domain.errors import ControlTokenRequired
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.paths import CONTROL, DASHBOARD_ASSETS, DASHBOARD_PAGES, HEALTH, LIVE
from mockserver.web.http.refusal import refusal
from mockserver.web.http.tokens import is_same_token


class ControlTokenGuard:
    """Require the control token on the control API. Its health and the dashboard, which has no data, stay public."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        self.app = app
        self._expected = f"Bearer {token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CONTROL) and not _is_public(scope):
            given = [value for name, value in scope["headers"] if name == b"authorization"]
            if len(given) != 1 or not is_same_token(given[0].decode("latin-1"), self._expected):
                error = ControlTokenRequired(
                    "the control API needs the header Authorization: Bearer and the control token"
                )
                await refusal(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_public(scope: Scope) -> bool:
    path: str = scope["path"]
    if path in (HEALTH, LIVE) or path.startswith(DASHBOARD_ASSETS):
        return True
    return path in DASHBOARD_PAGES and scope["method"] in ("GET", "HEAD") and prefers_html(scope["headers"])
