"""The state of one exchange, as pipeline and endpoint share it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockserver.asgi import Scope

if TYPE_CHECKING:
    from mockserver.domain.errors import FieldError, Unauthorized
    from mockserver.web.http.reply import Reply


class ExchangeContext:
    """One exchange: the pipeline fills it, the endpoint reads it.

    `key_account` is the account of the API key; without a valid key it is empty and `key_error` is the reason.
    `account` is the account of the admitted request; it is empty if no credentials were needed. `now` is the time on
    the account's clock, if the endpoint read it: the recorder need not read it again. `faults` are the reasons of a
    refusal, `notes` the liberties that the mock took with the contract, in sentences.
    """

    __slots__ = ("account", "body", "faults", "key_account", "key_error", "notes", "now", "parameters", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.key_account = ""
        self.key_error: Unauthorized | None = None
        self.account = ""
        self.body: Any = None
        self.parameters: Mapping[str, Any] = {}
        self.now: datetime | None = None
        self.faults: Sequence[FieldError] = ()
        self.notes: Sequence[str] = ()


Endpoint = Callable[[ExchangeContext], Awaitable["Reply"]]
Endpoints = Mapping[tuple[str, str], Endpoint]
"""The stateful endpoints by path template and method."""
