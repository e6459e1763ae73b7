"""The dashboard's page: what a browser gets at `/_mock/`.

Rule 1: it holds no data; all it shows its scripts ask of the control API, with the control token where there is one.
        So page and files are served without that token.
Rule 2: it runs scripts of ours alone, none in the page itself, and no text becomes markup.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.web.control.fault_plan import METHODS
from mockserver.web.http.fallback import nowhere
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.reply import HTML, Header, Reply
from mockserver.web.middleware import DASHBOARD_ASSETS
from mockserver.web.pages.asset_files import Assets
from mockserver.web.pages.templating import Templates
from mockserver.web.shapes.card_list import cards_shown

ADDRESS: Final = "/_mock/"

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_GUARDS: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY.encode("ascii")),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Dashboard:
    """The page and its files."""

    def __init__(self, templates: Templates, *, asks_for_token: bool) -> None:
        self.assets = Assets("dashboard", prefix=DASHBOARD_ASSETS)
        self._templates = templates
        self._asks_for_token = asks_for_token

    def page(self) -> Reply:
        """The page, which is the same for everybody."""
        return Reply.text(self._text, media_type=HTML, headers=_GUARDS)

    @cached_property
    def _text(self) -> str:
        return self._templates.render(
            "dashboard.html",
            assets=self.assets.path,
            asks_for_token=self._asks_for_token,
            cards=cards_shown(),
            methods=METHODS,
        )


class Shortcut:
    """Leads a browser that forgot the slash to the page; to others there is nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD") and prefers_html(scope["headers"]):
            await Reply(307, headers=[(b"location", ADDRESS.encode()), (b"vary", b"Accept")])(scope, receive, send)
        else:
            await nowhere(scope, receive, send)
