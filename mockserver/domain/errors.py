"""The errors of the API, each with its `error_code`.

CheckoutError
  InvalidRequest          the request has an invalid value
    InvalidJson           the body is not valid JSON
  Unauthorized            the API key is missing or unknown
  ForbiddenHost           the Host header names another host
  ForbiddenOrigin         the request comes from a page of another origin
  ControlTokenRequired    the control API needs a token
  NotFound                nothing has this path or id
    SessionNotFound
    InvoiceNotFound
    NotAcceptable         no media type matches Accept
  MethodNotAllowed        the path has no such method
  PayloadTooLarge
  UnsupportedMediaType
  HeadersTooLarge
  SessionError            the session is closed
    SessionCompleted      it was paid
    SessionExpired        it has expired
  CardDeclined            the card was declined; has a `decline_code`
  AuthenticationRequired  the card needs 3-D Secure
  InsufficientCredits     the account has too few credits
  ClockMovesBack          a clock only moves forward
  CoverageOff             the mock does not count the coverage of its contract
  StoreUnavailable        the store is gone or damaged, and no request can be served
  OutcomeUnknown          the store was lost while it stored the changes
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class FieldError(NamedTuple):
    """One error in a request. `pointer` is an RFC 6901 pointer into the body; "" is the whole body."""

    pointer: str
    message: str
    code: str


class CheckoutError(Exception):
    """A refused request. `message` states the given value and what is needed."""

    code: ClassVar[str]

    def __init__(self, message: str, *, field_errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field_errors = tuple(field_errors)

    def __reduce__(self) -> tuple[Any, ...]:
        """See object.__reduce__. The error is not made again, since that may take other values than its message."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class InvalidRequest(CheckoutError):
    """The request has an invalid value."""

    code = "invalid_request"


class InvalidJson(InvalidRequest):
    """The body is not valid JSON."""

    code = "invalid_json"


class Unauthorized(CheckoutError):
    """The API key is missing or unknown. `challenges` are the accepted authentication schemes."""

    code = "unauthorized"

    def __init__(self, message: str, *, challenges: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.challenges = tuple(challenges)


class ForbiddenHost(CheckoutError):
    """The Host header names another host, as in DNS rebinding."""

    code = "forbidden_host"


class ForbiddenOrigin(CheckoutError):
    """The request comes from a page of another origin."""

    code = "forbidden_origin"


class ControlTokenRequired(CheckoutError):
    """The control API needs a token."""

    code = "control_token_required"


class NotFound(CheckoutError):
    """Nothing has this path or id."""

    code = "not_found"


class SessionNotFound(NotFound):
    """No checkout session has this id."""

    code = "session_not_found"

    @classmethod
    def named(cls, session_id: str) -> SessionNotFound:
        """The error for `session_id`, shortened if it is long."""
        shortened = session_id if len(session_id) <= 80 else session_id[:77] + "..."
        return cls(f"no checkout session has the id {shortened!r}")


class InvoiceNotFound(NotFound):
    """No invoice has this id."""

    @classmethod
    def named(cls, invoice_id: str) -> InvoiceNotFound:
        """The error for `invoice_id`, shortened if it is long."""
        return cls(f"no invoice has the id {invoice_id[:80]!r}")


class NotAcceptable(NotFound):
    """The response has no media type that matches `Accept`."""

    code = "not_acceptable"


class MethodNotAllowed(CheckoutError):
    """The path has no such method."""

    code = "method_not_allowed"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allow = ", ".join(allowed)
        super().__init__(f"{method[:40]} is not allowed here; allowed: {self.allow}")


class PayloadTooLarge(CheckoutError):
    """The body is over the limit."""

    code = "payload_too_large"


class UnsupportedMediaType(CheckoutError):
    """The path does not accept the body's media type, or its coding; `codings` are the accepted ones."""

    code = "unsupported_media_type"

    def __init__(self, message: str, *, codings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.codings = tuple(codings)


class HeadersTooLarge(CheckoutError):
    """The request's headers are over the limit."""

    code = "headers_too_large"


class SessionError(CheckoutError):
    """The session is closed."""


class SessionCompleted(SessionError):
    """The session was paid."""

    code = "session_completed"


class SessionExpired(SessionError):
    """The session has expired."""

    code = "session_expired"


class CardDeclined(CheckoutError):
    """The card was declined. The session stays open."""

    code = "card_declined"

    def __init__(self, message: str, *, decline_code: str) -> None:
        super().__init__(message)
        self.decline_code = decline_code


class AuthenticationRequired(CheckoutError):
    """The card needs 3-D Secure. The session stays open."""

    code = "authentication_required"


class InsufficientCredits(CheckoutError):
    """The account has too few credits. None were consumed."""

    code = "insufficient_credits"


class CoverageOff(CheckoutError):
    """The mock does not count the coverage of its contract."""

    code = "coverage_off"


class ClockMovesBack(CheckoutError):
    """A clock only moves forward."""

    code = "clock_moves_back"


class StoreUnavailable(CheckoutError):
    """The store is gone or damaged. Nothing was changed."""

    code = "store_unavailable"


class OutcomeUnknown(CheckoutError):
    """The store was lost while it stored the changes. All of them are stored, or none."""

    code = "outcome_unknown"
