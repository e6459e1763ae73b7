"""How planned faults strike: a request meets them before anything else does.

Rule 1: what a fault answers in its own words, or not at all, is not processed; what it spoils is.
Rule 2: while an answer is held up nothing else is: no transaction is open, and who hangs up is not waited for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mockserver.web.connection import stands_for

if TYPE_CHECKING:
    from mockserver.billing import Faults
    from mockserver.web.incoming import Incoming
    from mockserver.web.reply import Reply


class Strikes:
    """Lets requests meet the planned faults."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def answered(
        self, request: Incoming, account: str | None, own: Callable[[], Awaitable[Reply]]
    ) -> tuple[Reply, str | None]:
        """The mock's own answer, or what a planned fault makes of it, and that fault's id."""
        if self._faults.is_idle:
            return await own(), None
        fault = await self._faults.take_next(request.method, request.path, account)
        if fault is None:
            return await own(), None
        # what faults do is not on the way to the first answer of a mock that nobody planned any for
        from mockserver.web.faulty_reply import NoAnswer, instead_of, spoilt

        if fault.delay and not await stands_for(fault.delay, request.scope):
            return NoAnswer("the connection ended while the answer was held up"), fault.id
        return instead_of(fault) or spoilt(fault, await own()), fault.id
