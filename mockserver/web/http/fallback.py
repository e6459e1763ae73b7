"""What is answered where nothing is, and when the mock itself fails."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mockserver.domain.errors import NotFound
from mockserver.web.http.refusal import refusal


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404, at every path of the control API that has no noun."""
    error = NotFound(f"the control API has nothing at {scope['path'][:200]!r}; the README lists what it has")
    await refusal(error)(scope, receive, send)


async def failed(request: Request, error: Exception) -> Response:
    """The last resort, for a full disk or a defect of ours: the error's kind, in the body every error has."""
    message = f"the mock failed ({type(error).__name__}); its log says more"
    return JSONResponse({"success": False, "message": message, "error_code": "internal_error"}, status_code=500)
