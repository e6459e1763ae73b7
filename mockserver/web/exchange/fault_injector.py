"""Planned faults, applied to a request before anything else.

Rule 1: a request is not processed if a fault answers it or resets its connection; otherwise it is.
Rule 2: a delay holds up its own request alone: no transaction is open, and it ends when the client disconnects.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mockserver.web.http.connection import wait_connected

if TYPE_CHECKING:
    from mockserver.billing import Faults
    from mockserver.web.http.reply import Reply
    from mockserver.web.http.request import Request


class FaultInjector:
    """Apply planned faults to requests and replies."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    @property
    def is_idle(self) -> bool:
        """No fault waits for a request."""
        return self._faults.is_idle

    async def inject(
        self, request: Request, account: str | None, answer: Callable[[], Awaitable[Reply]]
    ) -> tuple[Reply, str | None]:
        """The reply of `answer`, changed or replaced by a matching fault, and that fault's id."""
        if self._faults.is_idle:
            return await answer(), None
        fault = await self._faults.take_next(request.method, request.path, account)
        if fault is None:
            return await answer(), None
        # imported here: a mock without planned faults does not need it for its first reply
        from mockserver.web.exchange.spoiled_reply import ConnectionReset, replacement_reply, spoil_reply

        if fault.delay and not await wait_connected(fault.delay, request.scope):
            return ConnectionReset("the connection ended during the delay"), fault.id
        return replacement_reply(fault) or spoil_reply(fault, await answer()), fault.id
