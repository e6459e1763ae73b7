"""Closes an exchange: the journal learns what was asked, what was answered, and where either left the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

from mockserver.billing import Clocks, EventBus, TimeSource
from mockserver.domain.errors import FieldError
from mockserver.journal import Journal, JournalMessage
from mockserver.web.incoming import Incoming
from mockserver.web.middleware import ACCOUNT_KEY
from mockserver.web.reply import NO_STATUS, Reply

Triple = tuple[str, str, str]


class Recorder:
    """Writes exchanges into the journal."""

    def __init__(self, journal: Journal, clocks: Clocks, real_time: TimeSource, bus: EventBus) -> None:
        self._journal = journal
        self._clocks = clocks
        self._real_time = real_time
        self._bus = bus

    async def keep(
        self,
        request: Incoming,
        reply: Reply,
        *,
        account: str | None,
        mock_now: datetime | None = None,
        request_errors: Sequence[FieldError] = (),
        response_errors: Sequence[Triple] = (),
        planned_fault: str | None = None,
        body: bytes | None = None,
    ) -> None:
        """Keep an exchange that is about to be answered.

        `mock_now` where the account's time is known already, `body` where the request's own is not to be kept.
        """
        request.scope[ACCOUNT_KEY] = account
        self._journal.add(
            at=self._real_time(),
            mock_now=mock_now or (await self._clocks.face(account)).now,
            account=account,
            method=request.method,
            path=request.path,
            query=request.query,
            status=reply.status,
            duration_ms=(perf_counter() - request.started) * 1000,
            request=JournalMessage(request.headers, (request.body or b"") if body is None else body),
            response=JournalMessage(reply.headers if reply.status != NO_STATUS else (), reply.content),
            unread=request.body is None,
            request_errors=tuple((fault.pointer, fault.message, fault.code) for fault in request_errors),
            response_errors=tuple(response_errors),
            planned_fault=planned_fault,
        )
        self._bus.publish_journal_entry(account)
