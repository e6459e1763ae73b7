"""Closes an exchange: the journal learns what was asked, what was answered, and where either left the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

from mockserver.billing import Clocks, News, Wall
from mockserver.domain.errors import Fault
from mockserver.journal import Journal, Message
from mockserver.web.http.reply import NO_STATUS, Reply
from mockserver.web.http.request import Incoming
from mockserver.web.middleware import ACCOUNT_KEY

Triple = tuple[str, str, str]


class Recorder:
    """Writes exchanges into the journal."""

    def __init__(self, journal: Journal, clocks: Clocks, wall: Wall, news: News) -> None:
        self._journal = journal
        self._clocks = clocks
        self._wall = wall
        self._news = news

    async def keep(
        self,
        request: Incoming,
        reply: Reply,
        *,
        account: str | None,
        mock_now: datetime | None = None,
        request_faults: Sequence[Fault] = (),
        response_faults: Sequence[Triple] = (),
        planned_fault: str | None = None,
        body: bytes | None = None,
    ) -> None:
        """Keep an exchange that is about to be answered.

        `mock_now` where the account's time is known already, `body` where the request's own is not to be kept.
        """
        request.scope[ACCOUNT_KEY] = account
        self._journal.add(
            at=self._wall(),
            mock_now=mock_now or (await self._clocks.face(account)).now,
            account=account,
            method=request.method,
            path=request.path,
            query=request.query,
            status=reply.status,
            duration_ms=(perf_counter() - request.started) * 1000,
            request=Message(request.headers, (request.body or b"") if body is None else body),
            response=Message(reply.headers if reply.status != NO_STATUS else (), reply.content),
            unread=request.body is None,
            request_faults=tuple((fault.pointer, fault.message, fault.code) for fault in request_faults),
            response_faults=tuple(response_faults),
            planned_fault=planned_fault,
        )
        self._news.exchange(account)
