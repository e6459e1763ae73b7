"""SQL of the ledger and of invoices."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from mockserver.domain.errors import InvoiceNotFound
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced
from mockserver.store.sqlite import codec
from mockserver.store.sqlite.accounts import AccountStatements
from mockserver.store.sqlite.rows import LARGEST

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice

_ENTRY: Final = "account, kind, microcredits, at_ms, session, category, microunits"
_INVOICE: Final = "id, account, session, at_ms, record"


class LedgerStatements(AccountStatements):
    """See Transaction."""

    async def add_entry(self, entry: CreditEntry) -> None:
        await self.open_account(entry.account)
        try:
            self._execute(
                f"INSERT INTO entries ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.account,
                    entry.kind.value,
                    str(entry.microcredits),
                    milliseconds(entry.at),
                    entry.session,
                    entry.category,
                    None if entry.microunits is None else str(entry.microunits),
                ),
            )
        except sqlite3.IntegrityError:
            raise AlreadyCredited(entry.session) from None
        balance = await self.balance(entry.account) + entry.microcredits
        self._execute("UPDATE accounts SET balance = ? WHERE id = ?", (str(balance), entry.account))

    async def balance(self, account: str) -> int:
        row = self._execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()
        return int(row[0]) if row else 0

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        rows = self._execute(
            f"SELECT {_ENTRY} FROM entries WHERE account = ? ORDER BY seq",
            (account,),
        )
        return [
            CreditEntry(
                owner,
                EntryKind(kind),
                int(micro),
                instant(at),
                session,
                category,
                None if units is None else int(units),
            )
            for owner, kind, micro, at, session, category, units in rows
        ]

    async def consumed(self, account: str, *, since: datetime | None = None) -> Mapping[str, int]:
        rows = self._execute(
            "SELECT category, microcredits FROM entries WHERE account = ? AND kind = ? AND at_ms >= ?",
            (account, EntryKind.CONSUMPTION.value, milliseconds(since) if since else 0),
        )
        spent: Counter[str] = Counter()
        for category, micro in rows:
            spent[category or ""] -= int(micro)
        return dict(spent)

    async def consumed_units(self, account: str) -> Mapping[str, int]:
        rows = self._execute(
            "SELECT category, microunits FROM entries WHERE account = ? AND kind = ? AND microunits IS NOT NULL",
            (account, EntryKind.CONSUMPTION.value),
        )
        units: Counter[str] = Counter()
        for category, count in rows:
            units[category or ""] += int(count)
        return dict(units)

    async def add_invoice(self, invoice: Invoice) -> None:
        await self.open_account(invoice.account)
        try:
            self._execute(
                f"INSERT INTO invoices ({_INVOICE}) VALUES (?, ?, ?, ?, ?)",
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

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        rows = self._execute(
            f"SELECT {_INVOICE} FROM invoices WHERE account = ? ORDER BY seq DESC LIMIT ? OFFSET ?",
            (account, limit, min(offset, LARGEST)),
        )
        return [_invoice(*row) for row in rows]


def _invoice(name: str, account: str, session: str | None, at: int, text: str) -> Invoice:
    from mockserver.domain.invoice import Invoice  # few mocks have invoices

    description, cents, microcredits = codec.decode_invoice(text)
    return Invoice(name, account, description, cents, microcredits, instant(at), session)
