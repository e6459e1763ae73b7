"""The account that may use an operation, by VideoDB's API key or by the document's security schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.request.security import AccessDenied
from mockserver.domain.errors import Unauthorized
from mockserver.domain.identifier import account_of
from mockserver.web.exchange.api_keys import KEY_HEADER

if TYPE_CHECKING:
    from mockserver.contract import Operation
    from mockserver.web.exchange.context import ExchangeContext
    from mockserver.web.http.request import Request


ANYBODY: Final = account_of("")
"""The account of requests without a valid key, where the document asks for none."""


def admit(request: Request, operation: Operation, context: ExchangeContext, *, is_stateful: bool) -> str:
    """The account of the request's credentials; empty if none are needed. Raises Unauthorized."""
    if operation.is_videodb:
        if context.key_error is not None:
            raise context.key_error
        return context.key_account
    if is_stateful and operation.security.is_open:
        return context.key_account or ANYBODY
    headers = request.headers.pairs
    if context.key_error is not None:  # an invalid key must not count as another scheme's credential
        headers = [each for each in headers if each[0] != KEY_HEADER]
    try:
        credential = operation.security.admit(headers, request.query)
    except AccessDenied as denied:
        raise Unauthorized(denied.message, challenges=denied.challenges) from None
    if not credential:
        return context.key_account
    return account_of(credential)
