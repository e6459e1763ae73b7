"""Everything the mock refuses, each with the `error_code` its clients read.

CheckoutError
  InvalidRequest          the caller asked for what cannot be
    InvalidJson           the body is not JSON as the API takes it
  Unauthorized            no API key, or none that is known
  ForbiddenHost           the Host header names no host of ours
  ForbiddenOrigin         a foreign web page asks
  ControlTokenRequired    the control API is locked
  NotFound                nothing stands at this path, or under this id
    SessionNotFound
    InvoiceNotFound
    NotAcceptable         it is there, but in no media type the client takes
  MethodNotAllowed        the path is there, the method is not
  PayloadTooLarge
  UnsupportedMediaType
  HeadersTooLarge
  SessionError            the session is closed
    SessionCompleted      paid before
    SessionExpired        its life was over before
  CardDeclined            the card said no; carries `decline_code`
  AuthenticationRequired  the card asks for 3-D Secure first
  InsufficientCredits     more credits asked for than there are
  ClockMovesBack          a clock goes forward only
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


class Fault(NamedTuple):
    """One thing wrong with a request: where (an RFC 6901 pointer into the body, "" for the whole) and what."""

    pointer: str
    message: str
    code: str


class CheckoutError(Exception):
    """A request is refused; `message` says what was given and what would be right."""

    code: ClassVar[str]

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)


class InvalidRequest(CheckoutError):
    """The caller asked for what cannot be."""

    code = "invalid_request"


class InvalidJson(InvalidRequest):
    """The body is not JSON as the API takes it."""

    code = "invalid_json"


class Unauthorized(CheckoutError):
    """No API key came with the request, or none that is known; `challenges` say what else would be taken."""

    code = "unauthorized"

    def __init__(self, message: str, *, challenges: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.challenges = tuple(challenges)


class ForbiddenHost(CheckoutError):
    """The Host header names no host of this server: DNS rebinding looks like this."""

    code = "forbidden_host"


class ForbiddenOrigin(CheckoutError):
    """A web page from elsewhere asks."""

    code = "forbidden_origin"


class ControlTokenRequired(CheckoutError):
    """The control API is locked with a token."""

    code = "control_token_required"


class NotFound(CheckoutError):
    """Nothing stands at this path, or under this id."""

    code = "not_found"


class SessionNotFound(NotFound):
    """No checkout session has this id."""

    code = "session_not_found"

    @classmethod
    def named(cls, session_id: str) -> SessionNotFound:
        """The refusal for `session_id`, shortened where it is long."""
        shown = session_id if len(session_id) <= 80 else session_id[:77] + "..."
        return cls(f"no checkout session has the id {shown!r}")


class InvoiceNotFound(NotFound):
    """No invoice has this id."""

    @classmethod
    def named(cls, invoice_id: str) -> InvoiceNotFound:
        """The refusal for `invoice_id`, shortened where it is long."""
        return cls(f"no invoice has the id {invoice_id[:80]!r}")


class NotAcceptable(NotFound):
    """What is there is there in no media type that the client takes."""


class MethodNotAllowed(CheckoutError):
    """The path is there, the method is not."""

    code = "method_not_allowed"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allow = ", ".join(allowed)
        super().__init__(f"{method[:40]} is not allowed here; allowed: {self.allow}")


class PayloadTooLarge(CheckoutError):
    """The body is over the limit."""

    code = "payload_too_large"


class UnsupportedMediaType(CheckoutError):
    """The body is not what the path takes."""

    code = "unsupported_media_type"


class HeadersTooLarge(CheckoutError):
    """The request's headers are over the limit."""

    code = "headers_too_large"


class SessionError(CheckoutError):
    """The session is closed."""


class SessionCompleted(SessionError):
    """The session was paid before."""

    code = "session_completed"


class SessionExpired(SessionError):
    """The session's life was over before."""

    code = "session_expired"


class CardDeclined(CheckoutError):
    """The card said no; the session stays open."""

    code = "card_declined"

    def __init__(self, message: str, *, decline_code: str) -> None:
        super().__init__(message)
        self.decline_code = decline_code


class AuthenticationRequired(CheckoutError):
    """The card asks for 3-D Secure, which was not passed; the session stays open."""

    code = "authentication_required"


class InsufficientCredits(CheckoutError):
    """More credits are asked for than the account has; none were taken."""

    code = "insufficient_credits"


class ClockMovesBack(CheckoutError):
    """A clock goes forward only."""

    code = "clock_moves_back"
