"""The applications of the mock's own paths; the control API has 404 elsewhere.

Rule: a path below a prefix goes to the application of the longest such prefix, unless a template of its own fits it.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.contract.route import Routes
from mockserver.domain.errors import NotFound
from mockserver.web.http.refusal import refusal


class Router:
    """Pass a request to the application of its path, with the variables of the path in `path_params` of its scope."""

    def __init__(self, routes: Mapping[str, ASGIApp], *, prefixes: Mapping[str, ASGIApp], default: ASGIApp) -> None:
        """Routes have a path or a template; prefixes end with a slash. `default` answers all other paths."""
        self._routes: Routes[ASGIApp] = Routes()
        for template, app in routes.items():
            self._routes.add(template, app)
        self._prefixes = sorted(prefixes.items(), key=lambda entry: -len(entry[0]))
        self._default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app, scope["path_params"] = self._find(scope["path"])
        await app(scope, receive, send)

    def _find(self, path: str) -> tuple[ASGIApp, Mapping[str, str]]:
        for found in self._routes.matches(path):
            return found
        below = (app for prefix, app in self._prefixes if path.startswith(prefix))
        return next(below, self._default), {}


async def answer_not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404 at a path that the control API does not have."""
    error = NotFound(f"the control API has no path {scope['path'][:200]!r}; GET /_mock/ lists its calls")
    await refusal(error)(scope, receive, send)
