"""Exchanges that wait to be counted: a served request costs a look-up, and is counted when somebody reads.

Rule 1: no exchange is lost. Beyond MOST_PENDING different exchanges or MOST_BYTES, each new one has an earlier one
        counted.
Rule 2: exchanges alike wait together, with their number: the same request to the same status, from the same account.
        Between two of them the account must have had no event and, before a GET, no other request that changes it.
"""

from __future__ import annotations

import asyncio
from typing import Final

from mockserver.contract import Contract
from mockserver.coverage.counter import CoverageCounter, contract_name
from mockserver.coverage.exchange import Pairs, SeenExchange
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.merge import merge_reports

MOST_PENDING: Final = 50_000
MOST_BYTES: Final = 32_000_000
_MOST_ACCOUNTS: Final = 10_000
_AT_ONCE: Final = 10
"""The exchanges that are counted before requests have their turn."""
_OVERHEAD: Final = 200
_REDACTED: Final = b"[redacted]"

_Line = tuple[str, str, str, bytes | None, bytes, int, str | None, object, int, int]
"""Everything of an exchange that others may share, but for the body. An event shares it with none: it has a number."""


class _Group:
    """The exchanges with one line: the reply of the first one with each body, and the number of further ones."""

    __slots__ = ("event", "headers", "repeats", "replies")

    def __init__(self, headers: Pairs | None, event: SeenExchange | None = None) -> None:
        self.headers = headers
        self.event = event
        self.replies: dict[bytes | None, bytes] = {}
        self.repeats: dict[bytes | None, int] = {}


class PendingCounter:
    """Takes the exchanges of a running mock, and counts them later."""

    def __init__(self, contract: Contract, profile: str) -> None:
        self._before: list[CoverageReport] = []
        """The reports of the contracts that were in force before."""
        self._groups: dict[_Line | int, _Group] = {}
        self._waiting = 0
        self._bytes = 0
        self._number = 0
        self._last_event = 0
        self._changes: dict[str, int] = {}
        """The number of the last exchange that may have changed an account, by account."""
        self.reads_headers = False
        """An operation has parameters in headers or cookies."""
        self._start(contract, profile)

    def _start(self, contract: Contract, profile: str) -> None:
        self._contract, self._profile = contract, profile
        self._counter = CoverageCounter(contract, contract_name(contract.document, profile))
        self.reads_headers = any(
            parameter.place in ("header", "cookie")
            for operation in contract.operations
            for parameter in operation.declared_parameters
        )

    def add(
        self,
        method: str,
        path: str,
        raw_path: bytes | None,
        query: bytes,
        headers: Pairs | None,
        content_type: str | None,
        body: bytes | None,
        status: int,
        media_type: str | None,
        reply: bytes,
        account: str,
        times: int = 1,
    ) -> None:
        """Note exchanges alike, with one of the contract's paths. The arguments go by place, since that is quicker.

        Headers may be left out if the exchange has an account and no operation reads one. The reply may be left out
        unless it shows the account, as that to a GET does.
        """
        is_read = method == "GET"
        change = self._changes.get(account, 0) if is_read else 0
        shown = content_type if headers is None else headers
        line = (account, method, path, raw_path, query, status, media_type, shown, self._last_event, change)
        group = self._groups.get(line)
        if group is None:
            group = self._groups[line] = _Group(headers)
        elif body in group.replies:
            group.repeats[body] = group.repeats.get(body, 0) + times
            return
        group.replies[body] = reply
        if times > 1:
            group.repeats[body] = times - 1
        self._number = number = self._number + 1
        if not is_read:
            self._changes[account] = number
        self._make_room(len(reply) + len(body or b""))

    def add_event(self, exchange: SeenExchange) -> None:
        """Note a control call or a page, which may be an event."""
        self._number = self._last_event = self._number + 1
        group = self._groups[self._number] = _Group(exchange.headers, exchange)
        group.replies[exchange.body] = exchange.reply
        self._make_room(len(exchange.reply) + len(exchange.body or b""))

    def _make_room(self, size: int) -> None:
        self._waiting += 1
        self._bytes += size + _OVERHEAD
        while self._waiting > MOST_PENDING or self._bytes > MOST_BYTES:
            self._count_oldest()
        if len(self._changes) > _MOST_ACCOUNTS:
            self._changes.clear()
            self._last_event = self._number  # no exchange that comes is like one that waits

    def _count_oldest(self) -> None:
        line, group = next(iter(self._groups.items()))
        body, reply = next(iter(group.replies.items()))
        times = 1 + group.repeats.pop(body, 0)
        del group.replies[body]
        if not group.replies:
            del self._groups[line]
        self._waiting -= 1
        self._bytes -= len(reply) + len(body or b"") + _OVERHEAD
        self._counter.add(_exchange(line, group, body, reply), times)

    async def report(self) -> CoverageReport:
        """Count the exchanges that wait now, and return all counts. Requests are answered meanwhile."""
        left = self._waiting
        while left > 0 and self._waiting:
            for _ in range(min(_AT_ONCE, left, self._waiting)):
                self._count_oldest()
                left -= 1
            await asyncio.sleep(0)
        for _ in self._counter.plans():  # a document may have a thousand operations
            await asyncio.sleep(0)
        return merge_reports([self._counter.report(), *self._before])

    def forget(self) -> None:
        """Forget all counts."""
        self._groups.clear()
        self._waiting = self._bytes = 0
        self._before = []
        self._start(self._contract, self._profile)

    def use_contract(self, contract: Contract, profile: str) -> None:
        """Count by a contract from now on. The counts so far stay."""
        if contract is self._contract:
            return
        while self._waiting:
            self._count_oldest()
        self._before = [self._counter.report(), *self._before]
        self._start(contract, profile)


def _exchange(line: _Line | int, group: _Group, body: bytes | None, reply: bytes) -> SeenExchange:
    if isinstance(line, int):
        assert group.event is not None
        return group.event
    account, method, path, raw_path, query, status, media_type, shown, *_ = line
    headers = group.headers
    if headers is None:
        headers = [(b"x-access-token", _REDACTED)]
        if isinstance(shown, str):
            headers.append((b"content-type", shown.encode("latin-1")))
    encoded = (raw_path or b"").partition(b"?")[0].decode("latin-1")
    return SeenExchange(
        method, path, query.decode("latin-1"), headers, body, status, media_type, reply, account, "", encoded
    )
