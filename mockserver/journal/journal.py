"""The journal: the latest requests with their answers, bounded in number and size.

Rule 1: the journal holds 1,000 entries per account and 10,000 in all, within a number of bytes; the oldest are dropped.
Rule 2: bodies are cut at 64 KiB. API keys are redacted, and secrets in any other spelling whenever an entry is read.
Rule 3: adding is cheap; entries are rendered when they are read.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from mockserver.journal.packed_headers import Headers, pack_headers, unpack_headers
from mockserver.journal.redaction import (
    SECRET_HEADERS,
    hide_keys,
    hide_keys_in_text,
    redact_bytes,
    redact_query,
    redact_text,
)

PER_ACCOUNT: Final = 1_000
IN_ALL: Final = 10_000
BODY_LIMIT: Final = 64 * 1024
BYTES: Final = 64_000_000
"""The bytes that the entries may take in all, by default."""
_OVERHEAD: Final = 1_500
"""The bytes of an entry beside its bodies and the request's headers, which alone a client may make large."""


ViolationFields = tuple[str, str, str]
"""A contract violation: pointer, message, code."""

ResponseVerdict = Callable[[bytes], Sequence[ViolationFields]]
"""Finds the contract violations of a response, given its body as the journal holds it."""


class JournalMessage(NamedTuple):
    """The headers and body of a request or an answer, as bytes."""

    headers: Headers
    body: bytes


class JournalEntry(NamedTuple):
    """One request and its answer. `at` is real time, `mock_now` the time on the account's clock.

    `status` 0 means no answer; `planned_fault` is the id of the fault that was applied. `request_errors` and
    `response_errors` are contract violations, as (pointer, message, code); those of the response are found whenever
    they are read. `notes` are sentences on what the mock took or changed beyond the letter of the contract.
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
    request_headers: bytes
    request_body: bytes
    response_headers: bytes
    response_body: bytes
    truncated: bool
    request_errors: Sequence[ViolationFields]
    response_verdict: ResponseVerdict | None
    planned_fault: str | None
    notes: Sequence[str]
    size: int
    """The bytes that the entry takes, about."""

    @property
    def request(self) -> JournalMessage:
        """The request."""
        return JournalMessage(unpack_headers(self.request_headers), self.request_body)

    @property
    def response(self) -> JournalMessage:
        """The answer."""
        return JournalMessage(unpack_headers(self.response_headers), self.response_body)

    @property
    def response_errors(self) -> Sequence[ViolationFields]:
        """The contract violations of the response; to be read before `reveal`, which changes bodies."""
        return () if self.response_verdict is None else _redact_errors(self.response_verdict(self.response_body))

    def reveal(self) -> JournalEntry:
        """The entry without secrets in any spelling."""
        return self._replace(
            path=redact_text(self.path),
            request_headers=redact_bytes(self.request_headers),
            request_body=redact_bytes(self.request_body),
            response_headers=redact_bytes(self.response_headers),
            response_body=redact_bytes(self.response_body),
            request_errors=_redact_errors(self.request_errors),
            notes=tuple(map(redact_text, self.notes)),
        )


class Journal:
    """Holds the latest entries."""

    def __init__(self, *, per_account: int = PER_ACCOUNT, in_all: int = IN_ALL, max_bytes: int = BYTES) -> None:
        self._per_account = per_account
        self._max_bytes = max_bytes
        self._bytes = 0
        self._in_all = in_all
        self._secret_headers = SECRET_HEADERS
        self._secret_parameters: frozenset[str] = frozenset()
        self._entries: OrderedDict[int, JournalEntry] = OrderedDict()
        self._by_account: dict[str | None, deque[int]] = {}
        self._newest = 0
        self._lost = 0
        self._oldest_lost = 0
        self._lost_of: dict[str | None, int] = {}

    def hide(self, headers: Iterable[str], parameters: Iterable[str]) -> None:
        """Redact the values of these headers (in lower case) and query parameters, which carry API keys."""
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
        request_headers: Iterable[tuple[bytes, bytes]],
        request_body: bytes,
        response_headers: Iterable[tuple[bytes, bytes]],
        response_body: bytes,
        unread: bool = False,
        request_errors: Sequence[ViolationFields] = (),
        response_verdict: ResponseVerdict | None = None,
        planned_fault: str | None = None,
        notes: Sequence[str] = (),
    ) -> JournalEntry:
        """Add an entry, redacted and cut. `unread` marks a request that was too large to be read."""
        request_packed = pack_headers(request_headers, self._secret_headers)
        response_packed = pack_headers(response_headers, SECRET_HEADERS)
        is_cut = len(request_body) > BODY_LIMIT or len(response_body) > BODY_LIMIT
        if is_cut:
            request_body, response_body = request_body[:BODY_LIMIT], response_body[:BODY_LIMIT]
        number = self._newest + 1
        entry = JournalEntry._make(
            (
                number,
                at,
                mock_now,
                account,
                method,
                hide_keys_in_text(path),
                redact_query(query, self._secret_parameters) if query else query,
                status,
                duration_ms,
                request_packed,
                hide_keys(request_body),
                response_packed,
                hide_keys(response_body),
                unread or is_cut,
                _hide_keys_in(request_errors) if request_errors else (),
                response_verdict,
                planned_fault,
                tuple(map(hide_keys_in_text, notes)) if notes else (),
                _OVERHEAD + len(request_body) + len(response_body) + len(request_packed),
            )
        )
        self._newest = number
        self._bytes += entry.size
        self._entries[number] = entry
        own = self._by_account.get(account)
        if own is None:
            own = self._by_account[account] = deque()
        own.append(number)
        if len(own) > self._per_account:
            lost = own.popleft()
            self._drop(lost)
            self._lost_of[account] = lost
            self._lost = max(self._lost, lost)
        while len(self._entries) > self._in_all or (self._bytes > self._max_bytes and len(self._entries) > 1):
            self._drop_oldest()
        return entry

    @property
    def newest(self) -> int:
        """The id of the latest entry, even if it was deleted; 0 before the first."""
        return self._newest

    def after(self, number: int, account: str | None = None) -> Iterator[JournalEntry]:
        """The entries after an id, oldest first, of one account or of all. Entries may be added meanwhile."""
        at = max(number + 1, next(iter(self._entries), 0))
        while at <= self._newest:
            entry = self._entries.get(at)
            if entry is not None and account in (None, entry.account):
                yield entry
            at += 1

    def lost(self, account: str | None = None) -> int:
        """The id of the latest entry dropped for room, of all or possibly of one account; 0 without one."""
        return max(self._lost_of.get(account, 0) if account is not None else self._lost, self._oldest_lost)

    def newest_first(self, account: str | None = None) -> Iterator[JournalEntry]:
        """The entries of one account, or of all (None)."""
        if account is None:
            return reversed(self._entries.values())
        return (self._entries[number] for number in reversed(self._by_account.get(account, ())))

    def forget(self, account: str | None = None) -> None:
        """Delete the entries of one account, or all (None)."""
        if account is None:
            self._entries.clear()
            self._bytes = 0
            self._by_account.clear()
            self._lost_of.clear()
            return
        for number in self._by_account.pop(account, ()):
            self._drop(number)
        self._lost_of.pop(account, None)

    def take_all(self) -> Sequence[JournalEntry]:
        """Remove and return all entries, the oldest first."""
        entries = tuple(self._entries.values())
        if entries:
            self.forget()
        return entries

    def _drop(self, number: int) -> None:
        self._bytes -= self._entries.pop(number).size

    def _drop_oldest(self) -> None:
        self._oldest_lost, oldest = self._entries.popitem(last=False)
        self._bytes -= oldest.size
        own = self._by_account[oldest.account]
        own.popleft()
        if not own:
            del self._by_account[oldest.account]
            self._lost_of.pop(oldest.account, None)


def _hide_keys_in(errors: Sequence[ViolationFields]) -> Sequence[ViolationFields]:
    return tuple((hide_keys_in_text(pointer), hide_keys_in_text(message), code) for pointer, message, code in errors)


def _redact_errors(errors: Sequence[ViolationFields]) -> Sequence[ViolationFields]:
    return tuple((redact_text(pointer), redact_text(message), code) for pointer, message, code in errors)
