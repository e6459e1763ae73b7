"""Refusals as replies: the table from errors to HTTP statuses, and the error body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockserver.domain.errors import (
    AuthenticationRequired,
    CardDeclined,
    CheckoutError,
    ClockMovesBack,
    ControlTokenRequired,
    CoverageOff,
    ForbiddenHost,
    ForbiddenOrigin,
    HeadersTooLarge,
    InsufficientCredits,
    InvalidRequest,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    OutcomeUnknown,
    PayloadTooLarge,
    SessionCompleted,
    SessionExpired,
    StoreUnavailable,
    Unauthorized,
    UnsupportedMediaType,
)
from mockserver.web.http.reply import Header, Reply

STATUS: Final[Mapping[type[CheckoutError], int]] = {
    InvalidRequest: 400,
    Unauthorized: 401,
    ControlTokenRequired: 401,
    CardDeclined: 402,
    AuthenticationRequired: 402,
    InsufficientCredits: 402,
    ForbiddenHost: 403,
    ForbiddenOrigin: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    SessionCompleted: 409,
    ClockMovesBack: 409,
    CoverageOff: 409,
    SessionExpired: 410,
    PayloadTooLarge: 413,
    UnsupportedMediaType: 415,
    HeadersTooLarge: 431,
    StoreUnavailable: 503,
    OutcomeUnknown: 504,
}

RETRY_AFTER: Final = 5
"""The seconds after which a request to an unavailable store may be tried again."""

ErrorBody = Callable[[Mapping[str, Any]], Any]
"""Builds an error body from `message`, `error_code`, `errors` and `decline_code`; the last two may be None."""


def status_of(error: CheckoutError) -> int:
    """The HTTP status of a refusal."""
    status = STATUS.get(type(error))
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS) if status is None else status


def plain_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """The default error body, without absent values. A profile may define another."""
    return {"success": False, **{name: value for name, value in values.items() if value is not None}}


def refusal(error: CheckoutError, *, body: ErrorBody = plain_body, status: int | None = None) -> Reply:
    """The reply that refuses a request."""
    return Reply.json(body(error_values(error)), status or status_of(error), headers=error_headers(error))


def error_values(error: CheckoutError) -> dict[str, Any]:
    """The values for an error body."""
    errors = [{"pointer": fault.pointer, "message": fault.message, "code": fault.code} for fault in error.field_errors]
    return {
        "message": error.message,
        "error_code": error.code,
        "errors": errors or None,
        "decline_code": getattr(error, "decline_code", None),
    }


def error_headers(error: CheckoutError) -> list[Header]:
    """The headers of a refusal: `Allow`, `WWW-Authenticate`, `Accept-Encoding` or `Retry-After`."""
    if isinstance(error, StoreUnavailable):
        return [(b"retry-after", b"%d" % RETRY_AFTER)]
    if isinstance(error, MethodNotAllowed):
        return [(b"allow", error.allow.encode("latin-1"))]
    if isinstance(error, Unauthorized):
        return [(b"www-authenticate", challenge.encode("latin-1")) for challenge in error.challenges]
    if isinstance(error, UnsupportedMediaType) and error.codings:
        return [(b"accept-encoding", ", ".join(error.codings).encode("latin-1"))]
    return []
