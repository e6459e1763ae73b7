"""The answers of last resort: an undefined path of the control API, and an internal error."""

from __future__ import annotations

from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mockserver.domain.errors import NotFound
from mockserver.web.http.refusal import refusal


async def answer_not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404 at a path that the control API does not have."""
    error = NotFound(f"the control API has no path {scope['path'][:200]!r}; GET /_mock/ lists its calls")
    await refusal(error)(scope, receive, send)


async def answer_internal_error(request: StarletteRequest, error: Exception) -> Response:
    """Answer 500 after a full disk or a defect of the mock: the error's class in the usual error body."""
    message = f"the mock failed ({type(error).__name__}); see its log"
    return JSONResponse({"success": False, "message": message, "error_code": "internal_error"}, status_code=500)
