"""The tally: it hands the exchanges of a mock to the counter of its coverage, a batch at a time.

Rule 1: an exchange that waits in the batch holds as little as possible. Fresh memory for each request is the dearest
        part of counting, and a batch finds its code and data in the processor's caches.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from mockserver.contract import Contract
from mockserver.coverage.exchange import Pairs, SeenExchange
from mockserver.coverage.pending import PendingCounter
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import Request

BATCH: Final = 256
LARGE: Final = 64 * 1024
"""A larger reply is not kept, and a larger request does not wait in the batch, whose size has no other bound."""

_Noted = tuple[str, str, bytes | None, bytes, Pairs | None, str | None, bytes | None, int, str | None, bytes, str]
"""The arguments of PendingCounter.add."""


class ExchangeTally:
    """Takes requests and their replies, in the order in which they were answered."""

    def __init__(self, counter: PendingCounter) -> None:
        self._counter = counter
        self._batch: list[_Noted] = []
        self._has_reads = False

    def add(self, request: Request, reply: Reply, account: str | None) -> None:
        """Take an exchange of one of the contract's paths."""
        headers, method = request.headers, request.method
        is_lean = account and not self._counter.reads_headers and not headers.has(b"content-encoding")
        is_read = method != "POST"
        self._has_reads = self._has_reads or is_read
        self._batch.append(
            (
                method,
                request.path,
                request.scope.get("raw_path"),
                request.scope["query_string"],
                None if is_lean else tuple(headers.pairs),
                headers.last(b"content-type"),
                request.body,
                reply.status,
                reply.media_type,
                reply.content if is_read and len(reply.content) <= LARGE else b"",
                account or "",
            )
        )
        if len(self._batch) >= BATCH or len(request.body or b"") > LARGE:
            self._hand_over()

    def add_page(self, request: Request, reply: Reply, account: str | None) -> None:
        """Take an exchange of a page, which may be an event."""
        self._hand_over()
        self._counter.add_event(_seen(request, reply, account))

    def add_event(self, request: Request, reply: Reply) -> None:
        """Take a control call, which may be an event."""
        self.add_page(request, reply, None)

    async def report(self) -> CoverageReport:
        """The counts of all exchanges."""
        self._hand_over()
        return await self._counter.report()

    def use_contract(self, contract: Contract, profile: str) -> None:
        """Count the exchanges to come by a contract."""
        self._hand_over()
        self._counter.use_contract(contract, profile)

    def forget(self) -> None:
        """Forget all counts."""
        self._batch.clear()
        self._counter.forget()

    def _hand_over(self) -> None:
        add = self._counter.add
        if self._has_reads:  # their place among the others counts
            for noted in self._batch:
                add(*noted)
        else:
            for noted, times in Counter(self._batch).items():
                add(*noted, times)
        self._batch.clear()
        self._has_reads = False


def _seen(request: Request, reply: Reply, account: str | None) -> SeenExchange:
    locations = [value.decode("latin-1") for name, value in reply.headers if name == b"location"]
    return SeenExchange(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers.pairs,
        body=request.body,
        status=reply.status,
        media_type=reply.media_type,
        reply=reply.content,
        account=account or "",
        location=locations[0] if locations else "",
        encoded_path=request.encoded_path,
    )
