"""The answer at an undefined path of the control API."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from mockserver.domain.errors import NotFound
from mockserver.web.http.refusal import refusal


async def answer_not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404 at a path that the control API does not have."""
    error = NotFound(f"the control API has no path {scope['path'][:200]!r}; GET /_mock/ lists its calls")
    await refusal(error)(scope, receive, send)
