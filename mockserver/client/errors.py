"""The answers of a mock that refuse a call, as the errors of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.client.http_client import HttpAnswer
from mockserver.domain.errors import CheckoutError, FieldError


class UnknownRefusal(CheckoutError):
    """The answer is an error without a code that the mock knows: a planned fault, or another server's."""

    code = "unknown"


def refusal_of(call: str, answer: HttpAnswer) -> CheckoutError:
    """The error that an answer of 400 or more says. `call` is the method and the URL.

    An answer without a known `error_code` is an UnknownRefusal.
    """
    body = answer.json_object
    kind = _BY_CODE.get(str(body.get("error_code")), UnknownRefusal)
    said = body.get("message") if kind is not UnknownRefusal else answer.content[:1000].decode("utf-8", "replace")
    said = said or "the answer has no message"
    error = kind.__new__(kind)  # some kinds make their message of other values
    CheckoutError.__init__(
        error,
        f"{said} ({call} answered {answer.status} {error.code})",
        field_errors=[FieldError(each["pointer"], each["message"], each["code"]) for each in body.get("errors") or ()],
    )
    if body.get("decline_code"):
        error.__dict__["decline_code"] = body["decline_code"]
    return error


def _kinds(kind: type[CheckoutError]) -> Iterator[type[CheckoutError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


# a subclass without a code of its own shares its parent's; the parent stands for both
_BY_CODE: Final = {kind.code: kind for kind in reversed(list(_kinds(CheckoutError))) if hasattr(kind, "code")}
