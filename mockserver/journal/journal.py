"""The journal: the latest exchanges, newest first, bounded in number and size.

Rule 1: it keeps 1,000 exchanges per account and 10,000 in all; the oldest go.
Rule 2: bodies are cut at 64 KiB, and no key is kept.
Rule 3: keeping is cheap; what an exchange looks like is worked out when somebody asks.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import Final, NamedTuple

from mockserver.journal.redaction import SECRET_HEADERS, redacted_bytes, redacted_headers, redacted_query, redacted_text

PER_ACCOUNT: Final = 1_000
IN_ALL: Final = 10_000
BODY_LIMIT: Final = 64 * 1024


Triple = tuple[str, str, str]
"""A fault: pointer, message, code."""


class Message(NamedTuple):
    """The headers and body of a request or of an answer, as bytes."""

    headers: Iterable[tuple[bytes, bytes]]
    body: bytes

    def kept(self, secret: Collection[bytes] = SECRET_HEADERS) -> Message:
        """What the journal keeps of it."""
        return Message(redacted_headers(self.headers, secret), redacted_bytes(self.body[:BODY_LIMIT]))

    @property
    def is_cut(self) -> bool:
        """Whether the journal keeps a part only."""
        return len(self.body) > BODY_LIMIT


class Exchange(NamedTuple):
    """One request and its answer. `at` is real time, `mock_now` the time on the account's clock.

    `status` 0 stands for no answer; `planned_fault` is the id of the one that struck.
    `request_faults` and `response_faults` say where it left the contract: (pointer, message, code) each.
    """

    id: int
    at: datetime
    mock_now: datetime
    account: str | None
    method: str
    path: str
    query: str
    status: int
    duration_ms: float
    request: Message
    response: Message
    truncated: bool
    request_faults: tuple[Triple, ...]
    response_faults: tuple[Triple, ...]
    planned_fault: str | None


class Journal:
    """Keeps the latest exchanges."""

    def __init__(self, *, per_account: int = PER_ACCOUNT, in_all: int = IN_ALL) -> None:
        self._per_account = per_account
        self._in_all = in_all
        self._secret_headers = SECRET_HEADERS
        self._secret_parameters: frozenset[str] = frozenset()
        self._ids = count(1)
        self._kept: OrderedDict[int, Exchange] = OrderedDict()
        self._by_account: dict[str | None, deque[int]] = {}
        self._newest = 0
        self._lost = 0
        self._oldest_lost = 0
        self._lost_of: dict[str | None, int] = {}

    def hide(self, headers: Iterable[str], parameters: Iterable[str]) -> None:
        """Keep no value of these headers, named in lower case, and query parameters: API keys come in them."""
        self._secret_headers = SECRET_HEADERS | {name.encode("latin-1", "replace") for name in headers}
        self._secret_parameters = frozenset(parameters)

    def add(
        self,
        *,
        at: datetime,
        mock_now: datetime,
        account: str | None,
        method: str,
        path: str,
        query: str,
        status: int,
        duration_ms: float,
        request: Message,
        response: Message,
        unread: bool = False,
        request_faults: tuple[Triple, ...] = (),
        response_faults: tuple[Triple, ...] = (),
        planned_fault: str | None = None,
    ) -> Exchange:
        """Keep an exchange, redacted and cut; `unread`: its request was too large to be read."""
        exchange = Exchange(
            id=next(self._ids),
            at=at,
            mock_now=mock_now,
            account=account,
            method=method,
            path=redacted_text(path),
            query=redacted_query(query, self._secret_parameters),
            status=status,
            duration_ms=duration_ms,
            request=request.kept(self._secret_headers),
            response=response.kept(),
            truncated=unread or request.is_cut or response.is_cut,
            request_faults=_redacted(request_faults),
            response_faults=_redacted(response_faults),
            planned_fault=planned_fault,
        )
        self._newest = exchange.id
        self._kept[exchange.id] = exchange
        own = self._by_account.setdefault(account, deque())
        own.append(exchange.id)
        if len(own) > self._per_account:
            lost = own.popleft()
            self._drop(lost)
            self._lost_of[account] = lost
            self._lost = max(self._lost, lost)
        if len(self._kept) > self._in_all:
            self._drop_oldest()
        return exchange

    @property
    def newest(self) -> int:
        """The id of the latest exchange that was kept, be it forgotten since; 0 before the first."""
        return self._newest

    def after(self, number: int, account: str | None = None) -> Iterator[Exchange]:
        """The exchanges that came after that one, oldest first, of one account or of all; others may come meanwhile."""
        at = max(number + 1, next(iter(self._kept), 0))
        while at <= self._newest:
            exchange = self._kept.get(at)
            if exchange is not None and account in (None, exchange.account):
                yield exchange
            at += 1

    def lost(self, account: str | None = None) -> int:
        """The latest exchange that had to go, of all or as far as one account may be concerned; 0 before the first."""
        return max(self._lost_of.get(account, 0) if account is not None else self._lost, self._oldest_lost)

    def newest_first(self, account: str | None = None) -> Iterator[Exchange]:
        """The exchanges of one account, or (None) of all."""
        if account is None:
            return reversed(self._kept.values())
        return (self._kept[number] for number in reversed(self._by_account.get(account, ())))

    def forget(self, account: str | None = None) -> None:
        """Forget the exchanges of one account, or (None) all."""
        if account is None:
            self._kept.clear()
            self._by_account.clear()
            self._lost_of.clear()
            return
        for number in self._by_account.pop(account, ()):
            self._drop(number)
        self._lost_of.pop(account, None)

    def _drop(self, number: int) -> None:
        del self._kept[number]

    def _drop_oldest(self) -> None:
        self._oldest_lost, oldest = self._kept.popitem(last=False)
        own = self._by_account[oldest.account]
        own.popleft()
        if not own:
            del self._by_account[oldest.account]
            self._lost_of.pop(oldest.account, None)


def _redacted(faults: tuple[Triple, ...]) -> tuple[Triple, ...]:
    return tuple((redacted_text(pointer), redacted_text(message), code) for pointer, message, code in faults)
