"""SQL of the ledger and its sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds, month_start
from mockserver.domain.ledger import CreditEntry, EntryKind, LedgerRow
from mockserver.store.errors import AlreadyCredited
from mockserver.store.postgres.accounts import AccountQueries
from mockserver.store.postgres.text import escape, escape_optional, number_array, unescape, unescape_optional

_ENTRY: Final = "account, kind, microcredits, at_ms, session, category, microunits"
# the lock of the account lets nobody else take the number
_ADD: Final = (
    f"INSERT INTO entries ({_ENTRY}, balance, number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
    " (SELECT coalesce(max(number), 0) + 1 FROM entries WHERE account = $1))"
    " ON CONFLICT (session) DO NOTHING RETURNING seq"
)
_ROWS: Final = (
    f"SELECT number, balance, {_ENTRY} FROM entries"
    " WHERE account = $1 AND number = ANY ($2::text::bigint[]) ORDER BY number DESC"
)
ADD_TO_BALANCE: Final = "UPDATE accounts SET balance = balance + $1 WHERE id = $2"
CONSUME: Final = """
    INSERT INTO consumption AS sums VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account, month_ms, category) DO UPDATE SET
        microcredits = sums.microcredits + excluded.microcredits,
        microunits = coalesce(sums.microunits + excluded.microunits, sums.microunits, excluded.microunits)
"""


class LedgerQueries(AccountQueries):
    """See Transaction."""

    async def add_entry(self, entry: CreditEntry) -> None:
        await self.open_account(entry.account)
        account = escape(entry.account)
        values = (
            account,
            entry.kind.value,
            Decimal(entry.microcredits),
            milliseconds(entry.at),
            escape_optional(entry.session),
            escape_optional(entry.category),
            None if entry.microunits is None else Decimal(entry.microunits),
            Decimal(await self.balance(entry.account) + entry.microcredits),
        )
        if entry.session is None:
            self._later(_ADD, *values)
        else:
            if not await self._change(_ADD, *values):
                raise AlreadyCredited(entry.session)
        (await self._account(entry.account)).balance += entry.microcredits
        self._later(ADD_TO_BALANCE, Decimal(entry.microcredits), account)
        if entry.kind is EntryKind.CONSUMPTION:
            self._later(
                CONSUME,
                account,
                milliseconds(month_start(entry.at)),
                escape(entry.category or ""),
                Decimal(-entry.microcredits),
                None if entry.microunits is None else Decimal(entry.microunits),
            )

    async def balance(self, account: str) -> int:
        return (await self._account(account)).balance

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        await self._account(account)
        [rows] = await self._fetch(
            (f"SELECT {_ENTRY} FROM entries WHERE account = $1 ORDER BY number", (escape(account),))
        )
        return [_entry(*row) for row in rows]

    async def ledger(self, account: str, *, limit: int, offset: int, step: int = 1) -> Sequence[LedgerRow]:
        numbers = islice(range(await self.entry_count(account) - offset, 0, -step), limit)
        [rows] = await self._fetch((_ROWS, (escape(account), number_array(numbers))))
        return [LedgerRow(_entry(*entry), number, int(balance)) for number, balance, *entry in rows]

    async def entry_count(self, account: str) -> int:
        await self._account(account)
        [[(count,)]] = await self._fetch(("SELECT max(number) FROM entries WHERE account = $1", (escape(account),)))
        return count or 0

    async def consumed(self, account: str, *, month: datetime | None = None) -> Mapping[str, int]:
        start = None if month is None else milliseconds(month)
        return await self._sums(
            "SELECT category, microcredits FROM consumption"
            " WHERE account = $1 AND ($2::bigint IS NULL OR month_ms = $2)",
            escape(account),
            start,
        )

    async def consumed_units(self, account: str) -> Mapping[str, int]:
        return await self._sums(
            "SELECT category, microunits FROM consumption WHERE account = $1 AND microunits IS NOT NULL",
            escape(account),
        )

    async def _sums(self, sql: str, *parameters: object) -> Mapping[str, int]:
        [rows] = await self._fetch((sql, parameters))
        sums: Counter[str] = Counter()
        for category, count in rows:
            sums[unescape(category)] += int(count)
        return dict(sums)


def _entry(account: str, kind: str, micro: Decimal, at: int, *others: Any) -> CreditEntry:
    session, category, units = others
    return CreditEntry(
        unescape(account),
        EntryKind(kind),
        int(micro),
        instant(at),
        unescape_optional(session),
        unescape_optional(category),
        None if units is None else int(units),
    )
