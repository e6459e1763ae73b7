"""The dashboard: the page for browsers at `/_mock/`.

Rule 1: page and files hold no data; they are served without the control token. The scripts get all data from the
        control API, with the token if there is one.
Rule 2: only the mock's own script files run, no inline script does, and no text becomes markup.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.methods import HTTP_METHODS
from mockserver.web.http.paths import DASHBOARD, DASHBOARD_ASSETS
from mockserver.web.http.reply import HTML, Header, Reply
from mockserver.web.http.router import answer_not_found
from mockserver.web.pages.asset_files import AssetFiles
from mockserver.web.pages.templating import Templates
from mockserver.web.shapes.card_list import card_options

_SESSION_FILTERS: Final = ("session", "session_status")
_JOURNAL_FILTERS: Final = ("operation", "method", "path", "status", "violations", "faults", "notes")
ADDRESS_NAMES: Final = frozenset({"account", *_SESSION_FILTERS, *_JOURNAL_FILTERS})
"""The names that the query of the page may have."""
SAMPLE_KEY: Final = "sk-demo"
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

    def __init__(
        self, templates: Templates, *, asks_for_token: bool, opens_accounts: bool = True, counts: bool = False
    ) -> None:
        """A dashboard that asks for the control token, and shows the coverage of a mock that counts it.

        Its commands have an API key if any key opens an account.
        """
        self.assets = AssetFiles("dashboard", prefix=DASHBOARD_ASSETS)
        self._templates = templates
        self._asks_for_token = asks_for_token
        self._opens_accounts = opens_accounts
        self._counts = counts

    def reply(self) -> Reply:
        """The page; it is the same for every client."""
        return Reply.text(self._text, media_type=HTML, headers=_GUARDS)

    @cached_property
    def _text(self) -> str:
        return self._templates.render(
            "dashboard.html",
            assets=self.assets.path,
            scripts=self.assets.scripts,
            asks_for_token=self._asks_for_token,
            sample_key=SAMPLE_KEY if self._opens_accounts else "",
            counts=self._counts,
            cards=card_options(),
            methods=HTTP_METHODS,
        )


class DashboardRedirect:
    """Redirect a browser from `/_mock` to `/_mock/`; answer 404 to other clients."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD") and prefers_html(scope["headers"]):
            await Reply(307, headers=[(b"location", DASHBOARD.encode()), (b"vary", b"Accept")])(scope, receive, send)
        else:
            await answer_not_found(scope, receive, send)
