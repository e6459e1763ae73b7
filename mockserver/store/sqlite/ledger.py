"""SQL of the ledger and of invoices."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from mockserver.domain.errors import InvoiceNotFound
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds, month_start
from mockserver.domain.ledger import CreditEntry, EntryKind, LedgerRow
from mockserver.store import codec
from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced
from mockserver.store.sqlite.accounts import AccountStatements
from mockserver.store.sqlite.numbering import newest, next_number
from mockserver.store.sqlite.rows import LARGEST

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice

_ENTRY: Final = "account, kind, microcredits, at_ms, session, category, microunits"
_INVOICE: Final = "id, account, session, at_ms, record"
_PAGE_OF_ACCOUNT: Final = f"SELECT {_INVOICE} FROM invoices {newest('invoices')}"

_ADD: Final = (
    f"INSERT INTO entries ({_ENTRY}, balance, number) VALUES (?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, {next_number('entries')})"
)
# a cross join keeps its order: each wanted number is looked up
_ROWS: Final = (
    f"SELECT number, balance, {_ENTRY} FROM json_each(?2) AS wanted"
    " CROSS JOIN entries ON entries.account = ?1 AND entries.number = wanted.value ORDER BY number DESC"
)


class LedgerStatements(AccountStatements):
    """See Transaction."""

    async def add_entry(self, entry: CreditEntry) -> None:
        await self.open_account(entry.account)
        balance = str(await self.balance(entry.account) + entry.microcredits)
        try:
            self._execute(
                _ADD,
                (
                    entry.kind.value,
                    entry.account,
                    str(entry.microcredits),
                    milliseconds(entry.at),
                    entry.session,
                    entry.category,
                    None if entry.microunits is None else str(entry.microunits),
                    balance,
                ),
            )
        except sqlite3.IntegrityError:
            raise AlreadyCredited(entry.session) from None
        self._execute("UPDATE accounts SET balance = ? WHERE id = ?", (balance, entry.account))
        if entry.kind is EntryKind.CONSUMPTION:
            self._add_consumption(entry)

    async def balance(self, account: str) -> int:
        row = self._execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()
        return int(row[0]) if row else 0

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        rows = self._execute(
            f"SELECT {_ENTRY} FROM entries WHERE account = ? ORDER BY number",
            (account,),
        )
        return [_entry(*row) for row in rows]

    async def ledger(self, account: str, *, limit: int, offset: int, step: int = 1) -> Sequence[LedgerRow]:
        numbers = list(islice(range(await self.entry_count(account) - offset, 0, -step), limit))
        rows = self._execute(_ROWS, (account, json.dumps(numbers)))
        return [LedgerRow(_entry(*entry), number, int(balance)) for number, balance, *entry in rows]

    async def entry_count(self, account: str) -> int:
        (count,) = self._execute("SELECT max(number) FROM entries WHERE account = ?", (account,)).fetchone()
        return count or 0

    async def consumed(self, account: str, *, month: datetime | None = None) -> Mapping[str, int]:
        return _sums(
            self._execute(
                "SELECT category, microcredits FROM consumption WHERE account = ?1 AND (?2 IS NULL OR month_ms = ?2)",
                (account, None if month is None else milliseconds(month)),
            )
        )

    async def consumed_units(self, account: str) -> Mapping[str, int]:
        return _sums(
            self._execute(
                "SELECT category, microunits FROM consumption WHERE account = ? AND microunits IS NOT NULL", (account,)
            )
        )

    async def add_invoice(self, invoice: Invoice) -> None:
        await self.open_account(invoice.account)
        try:
            self._execute(
                f"INSERT INTO invoices ({_INVOICE}, number) VALUES (?, ?2, ?, ?, ?, {next_number('invoices')})",
                (
                    invoice.id,
                    invoice.account,
                    invoice.session,
                    milliseconds(invoice.created_at),
                    codec.encode_invoice(invoice),
                ),
            )
        except sqlite3.IntegrityError:
            raise AlreadyInvoiced(invoice.session) from None

    async def invoice(self, invoice_id: str) -> Invoice:
        row = self._execute(f"SELECT {_INVOICE} FROM invoices WHERE id = ?", (invoice_id,)).fetchone()
        if row is None:
            raise InvoiceNotFound.named(invoice_id)
        return _invoice(*row)

    async def invoice_of(self, session_id: str) -> Invoice | None:
        row = self._execute(f"SELECT {_INVOICE} FROM invoices WHERE session = ?", (session_id,)).fetchone()
        return None if row is None else _invoice(*row)

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        rows = self._execute(
            _PAGE_OF_ACCOUNT,
            (account, min(offset, LARGEST), limit),
        )
        return [_invoice(*row) for row in rows]

    def _add_consumption(self, entry: CreditEntry) -> None:
        key = (entry.account, milliseconds(month_start(entry.at)), entry.category or "")
        row = self._execute(
            "SELECT microcredits, microunits FROM consumption WHERE account = ? AND month_ms = ? AND category = ?", key
        ).fetchone()
        microcredits, microunits = row or ("0", None)
        units = [int(count) for count in (microunits, entry.microunits) if count is not None]
        self._execute(
            "INSERT OR REPLACE INTO consumption VALUES (?, ?, ?, ?, ?)",
            (*key, str(int(microcredits) - entry.microcredits), str(sum(units)) if units else None),
        )


def _entry(
    account: str, kind: str, micro: str, at: int, session: str | None, category: str | None, units: str | None
) -> CreditEntry:
    microunits = None if units is None else int(units)
    return CreditEntry(account, EntryKind(kind), int(micro), instant(at), session, category, microunits)


def _sums(rows: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for category, count in rows:
        sums[category] += int(count)
    return dict(sums)


def _invoice(name: str, account: str, session: str | None, at: int, text: str) -> Invoice:
    from mockserver.domain.invoice import Invoice  # few mocks have invoices

    description, cents, microcredits, email = codec.decode_invoice(text)
    return Invoice(name, account, description, cents, microcredits, instant(at), session, email)
