"""SQL of many rows of one account: those of a thousand share a statement, and all of them few round trips."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final, TypeVar

from mockserver.domain.instant import milliseconds, month_start
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.domain.session import CheckoutSession
from mockserver.store import codec
from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced
from mockserver.store.postgres.invoices import InvoiceQueries
from mockserver.store.postgres.ledger import ADD_TO_BALANCE, CONSUME, LedgerQueries
from mockserver.store.postgres.sessions.queries import SessionQueries, encoded, place_of
from mockserver.store.postgres.text import escape, escape_optional, number_array, text_array, unescape

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice

ROWS: Final = 1_000
"""The rows of a statement."""
_Row = TypeVar("_Row")
_ADD_SESSIONS: Final = """
    WITH counted AS (UPDATE accounts SET sessions = sessions + $2 WHERE id = $1 RETURNING sessions - $2 AS before)
    INSERT INTO sessions
        (seq, id, account, number, status, created_ms, expires_ms, completed_ms, record, is_indexed)
        SELECT nextval('session_numbers'), id, $1, before + place, status, created, expires, completed, record, true
        FROM counted, ROWS FROM (
            unnest($3::text[]), unnest($4::text[]), unnest($5::text::bigint[]), unnest($6::text::bigint[]),
            unnest($7::text::bigint[]), json_array_elements($8::text::json)
        ) WITH ORDINALITY AS new (id, status, created, expires, completed, record, place) ORDER BY place
"""
_ADD_ENTRIES: Final = """
    INSERT INTO entries (account, kind, microcredits, at_ms, session, category, microunits, balance, number)
        SELECT $1, kind, microcredits, at, session, category, microunits, balance, before + place
        FROM (SELECT coalesce(max(number), 0) AS before FROM entries WHERE account = $1) AS counted, ROWS FROM (
            unnest($2::text[]), unnest($3::text::numeric[]), unnest($4::text::bigint[]), unnest($5::text[]),
            unnest($6::text[]), unnest($7::text::numeric[]), unnest($8::text::numeric[])
        ) WITH ORDINALITY AS new (kind, microcredits, at, session, category, microunits, balance, place) ORDER BY place
        ON CONFLICT (session) DO NOTHING RETURNING session
"""
_ADD_INVOICES: Final = """
    INSERT INTO invoices (id, account, session, at_ms, record, number)
        SELECT id, $1, session, at, record, before + place
        FROM (SELECT coalesce(max(number), 0) AS before FROM invoices WHERE account = $1) AS counted, ROWS FROM (
            unnest($2::text[]), unnest($3::text[]), unnest($4::text::bigint[]), json_array_elements($5::text::json)
        ) WITH ORDINALITY AS new (id, session, at, record, place) ORDER BY place
        ON CONFLICT (session) DO NOTHING RETURNING session
"""
_TAKEN_SESSION: Final = """
    SELECT id FROM unnest($1::text::bigint[], $2::text[]) AS given (seq, id)
    WHERE EXISTS (SELECT 1 FROM sessions WHERE sessions.seq = given.seq AND sessions.id = given.id)
        OR EXISTS (SELECT 1 FROM sessions WHERE sessions.is_indexed AND sessions.id = given.id) LIMIT 1
"""
_TAKEN_INVOICE: Final = "SELECT id FROM invoices WHERE id = ANY ($1::text[]) LIMIT 1"


class RestorationQueries(SessionQueries, LedgerQueries, InvoiceQueries):
    """See Transaction."""

    async def add_rows(
        self,
        account: str,
        sessions: Iterable[CheckoutSession],
        entries: Iterable[CreditEntry],
        invoices: Iterable[Invoice],
    ) -> None:
        await self.open_account(account)
        for some_sessions in _in_parts(sessions):
            self._add_sessions(account, some_sessions)
            await asyncio.sleep(0)  # other requests have their turns
        for some_entries in _in_parts(entries):
            await self._add_entries(account, some_entries)
        for some_invoices in _in_parts(invoices):
            await self._add_invoices(account, some_invoices)

    async def first_taken(self, sessions: Iterable[str], invoices: Iterable[str]) -> str | None:
        for names in _in_parts(sessions):
            numbers, texts = zip(*map(place_of, names), strict=True)
            [rows] = await self._fetch((_TAKEN_SESSION, (number_array(numbers), text_array(texts))))
            if rows:
                return unescape(rows[0][0])
        for names in _in_parts(invoices):
            [rows] = await self._fetch((_TAKEN_INVOICE, (text_array(map(escape, names)),)))
            if rows:
                return unescape(rows[0][0])
        return None

    def _add_sessions(self, account: str, sessions: Sequence[CheckoutSession]) -> None:
        names, _, states, created, expires, completed, records = zip(*map(encoded, sessions), strict=True)
        self._later(
            _ADD_SESSIONS,
            escape(account),
            len(sessions),
            text_array(names),
            text_array(states),
            number_array(created),
            number_array(expires),
            number_array(completed),
            f"[{','.join(records)}]",
        )

    async def _add_entries(self, account: str, entries: Sequence[CreditEntry]) -> None:
        state = await self._account(account)
        balances = list(accumulate((each.microcredits for each in entries), initial=state.balance))[1:]
        names = [escape_optional(each.session) for each in entries]
        added = await self._change(
            _ADD_ENTRIES,
            escape(account),
            text_array(each.kind.value for each in entries),
            number_array(each.microcredits for each in entries),
            number_array(milliseconds(each.at) for each in entries),
            text_array(names),
            text_array(escape_optional(each.category) for each in entries),
            number_array(each.microunits for each in entries),
            number_array(balances),
        )
        if len(added) < len(entries):
            raise AlreadyCredited(_first_missing(names, added))
        self._later(ADD_TO_BALANCE, Decimal(balances[-1] - state.balance), escape(account))
        state.balance = balances[-1]
        self._consume(account, [each for each in entries if each.kind is EntryKind.CONSUMPTION])

    def _consume(self, account: str, entries: Iterable[CreditEntry]) -> None:
        groups: defaultdict[tuple[int, str], list[CreditEntry]] = defaultdict(list)
        for each in entries:
            groups[milliseconds(month_start(each.at)), escape(each.category or "")].append(each)
        for (month, category), group in groups.items():
            units = [each.microunits for each in group if each.microunits is not None]
            self._later(
                CONSUME,
                escape(account),
                month,
                category,
                Decimal(-sum(each.microcredits for each in group)),
                Decimal(sum(units)) if units else None,
            )

    async def _add_invoices(self, account: str, invoices: Sequence[Invoice]) -> None:
        names = [escape_optional(each.session) for each in invoices]
        added = await self._change(
            _ADD_INVOICES,
            escape(account),
            text_array(escape(each.id) for each in invoices),
            text_array(names),
            number_array(milliseconds(each.created_at) for each in invoices),
            f"[{','.join(map(codec.encode_invoice, invoices))}]",
        )
        if len(added) < len(invoices):
            raise AlreadyInvoiced(_first_missing(names, added))


def _in_parts(rows: Iterable[_Row]) -> Iterator[Sequence[_Row]]:
    left = iter(rows)
    while part := list(islice(left, ROWS)):
        yield part


def _first_missing(names: Sequence[str | None], added: Sequence[tuple[str | None]]) -> str:
    """The first session that was not added, or not twice."""
    left = [name for (name,) in added]
    for name in names:
        if name not in left:
            return unescape(name or "")
        left.remove(name)
    return ""
