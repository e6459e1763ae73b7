"""The recorder: write each exchange into the journal, with its contract violations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from mockserver.billing import Clocks, EventBus, TimeSource
from mockserver.domain.errors import FieldError, StoreUnavailable
from mockserver.journal import Journal, ResponseVerdict
from mockserver.web.http.reply import NO_STATUS, Reply
from mockserver.web.http.request import ACCOUNT_KEY, Request

if TYPE_CHECKING:
    from mockserver.web.exchange.tally import ExchangeTally


class Recorder:
    """Write exchanges into the journal and announce them."""

    def __init__(
        self,
        journal: Journal,
        clocks: Clocks,
        real_time: TimeSource,
        event_bus: EventBus,
        *,
        is_timed: bool = True,
    ) -> None:
        """A recorder that notes how long each exchange took, or 0 if it is not timed."""
        self._is_timed = is_timed
        self._journal = journal
        self._clocks = clocks
        self._real_time = real_time
        self._event_bus = event_bus
        self.tally: ExchangeTally | None = None
        """Counts the coverage of the contract, where it is asked for."""

    async def record(
        self,
        request: Request,
        reply: Reply,
        *,
        account: str | None,
        mock_now: datetime | None = None,
        request_errors: Sequence[FieldError] = (),
        response_verdict: ResponseVerdict | None = None,
        planned_fault: str | None = None,
        notes: Sequence[str] = (),
        body: bytes | None = None,
        response_body: bytes | None = None,
    ) -> None:
        """Record an exchange before its reply is sent.

        `mock_now` is the time on the account's clock, if known. `body` and `response_body` replace those
        that must not be kept.
        """
        request.scope[ACCOUNT_KEY] = account
        self._journal.add(
            at=self._real_time(),
            mock_now=mock_now or await self._time_of(account),
            account=account,
            method=request.method,
            path=request.path,
            query=request.query,
            status=reply.status,
            duration_ms=(perf_counter() - request.started) * 1000 if self._is_timed else 0,
            request_headers=request.headers.pairs,
            request_body=(request.body or b"") if body is None else body,
            response_headers=reply.headers if reply.status != NO_STATUS else (),
            response_body=reply.content if response_body is None else response_body,
            unread=request.body is None,
            request_errors=request_errors,
            response_verdict=response_verdict,
            planned_fault=planned_fault,
            notes=notes,
        )
        self._event_bus.publish_journal_entry(account)
        if self.tally is not None:
            (self.tally.add if body is None else self.tally.add_page)(request, reply, account)

    async def _time_of(self, account: str | None) -> datetime:
        """The time on the account's clock; real time if the store is lost: what it has stored has been answered."""
        try:
            return await self._clocks.time(account)
        except StoreUnavailable:
            return self._real_time()
