"""The answers of last resort: 503 or 504 if the store fails, 500 for a defect of the mock."""

from __future__ import annotations

from contextlib import suppress

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Reply


class FailureGuard:
    """Answer when the application fails. If an answer has begun, such as an event stream, it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except (StoreUnavailable, OutcomeUnknown) as error:
            try:
                await refusal(error)(scope, receive, send)
            except RuntimeError:  # an answer has begun
                raise error from None
        except Exception as error:
            if scope["type"] == "http":
                with suppress(RuntimeError):  # an answer has begun
                    await _internal_error(error)(scope, receive, send)
            raise  # the server logs it


def _internal_error(error: Exception) -> Reply:
    message = f"the mock failed ({type(error).__name__}); see its log"
    return Reply.json({"success": False, "message": message, "error_code": "internal_error"}, 500)
