"""The ledger and the invoices of a transaction in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from mockserver.domain.errors import InvoiceNotFound
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import CreditEntry, EntryKind, LedgerRow
from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced
from mockserver.store.memory.tables import Consumption, MemoryAccount, Tables

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice


class LedgerChanges:
    """See Transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._undo: list[Callable[[], object]] = []

    def undo(self) -> None:
        """Revert all changes, the last one first."""
        for step in reversed(self._undo):
            step()

    async def open_account(self, account: str) -> None:
        record = self._tables.accounts.get(account)
        if record is None:
            self._tables.open_account(account)
            self._undo.append(lambda: self._tables.accounts.pop(account))
        elif record.key_hint is None:
            record.key_hint = self._tables.key_hints.of(account)

    async def add_entry(self, entry: CreditEntry) -> None:
        await self.open_account(entry.account)
        credited = self._tables.credited
        if entry.session is not None:
            if entry.session in credited:
                raise AlreadyCredited(entry.session)
            credited.add(entry.session)
            self._undo.append(lambda: credited.discard(entry.session or ""))
        account = self._tables.accounts[entry.account]
        account.entries.append(entry)
        account.balance += entry.microcredits
        account.balances.append(account.balance)
        self._undo.append(lambda: _remove_last_entry(account))
        if entry.kind is EntryKind.CONSUMPTION:
            self._add_consumption(account, entry)

    async def balance(self, account: str) -> int:
        record = self._tables.accounts.get(account)
        return record.balance if record else 0

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        record = self._tables.accounts.get(account)
        return tuple(record.entries) if record else ()

    async def ledger(self, account: str, *, limit: int, offset: int, step: int = 1) -> Sequence[LedgerRow]:
        record = self._tables.accounts.get(account)
        if record is None:
            return []
        numbers = islice(range(len(record.entries) - offset, 0, -step), limit)
        return [LedgerRow(record.entries[number - 1], number, record.balances[number - 1]) for number in numbers]

    async def entry_count(self, account: str) -> int:
        record = self._tables.accounts.get(account)
        return len(record.entries) if record else 0

    async def consumed(self, account: str, *, month: datetime | None = None) -> Mapping[str, int]:
        spent: Counter[str] = Counter()
        for (start, category), sums in self._consumption(account).items():
            if month is None or start == month:
                spent[category] += sums.microcredits
        return dict(spent)

    async def consumed_units(self, account: str) -> Mapping[str, int]:
        units: Counter[str] = Counter()
        for (_, category), sums in self._consumption(account).items():
            if sums.microunits is not None:
                units[category] += sums.microunits
        return dict(units)

    async def add_invoice(self, invoice: Invoice) -> None:
        await self.open_account(invoice.account)
        tables, account = self._tables, self._tables.accounts[invoice.account]
        if invoice.session is not None:
            if invoice.session in tables.invoiced:
                raise AlreadyInvoiced(invoice.session)
            tables.invoiced[invoice.session] = invoice.id
            self._undo.append(lambda: tables.invoiced.pop(invoice.session or ""))
        tables.invoices[invoice.id] = invoice
        account.invoices.append(invoice.id)
        self._undo.append(lambda: tables.invoices.pop(account.invoices.pop()))

    async def invoice(self, invoice_id: str) -> Invoice:
        try:
            return self._tables.invoices[invoice_id]
        except KeyError:
            raise InvoiceNotFound.named(invoice_id) from None

    async def invoice_of(self, session_id: str) -> Invoice | None:
        name = self._tables.invoiced.get(session_id)
        return None if name is None else self._tables.invoices[name]

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        record = self._tables.accounts.get(account)
        return [self._tables.invoices[name] for name in newest(record.invoices, limit, offset)] if record else []

    def _add_consumption(self, account: MemoryAccount, entry: CreditEntry) -> None:
        sums, key = account.consumption, (month_start(entry.at), entry.category or "")
        before = sums.get(key)
        sums[key] = (before or Consumption()).plus(entry)
        self._undo.append(lambda: sums.pop(key) if before is None else sums.update({key: before}))

    def _consumption(self, account: str) -> Mapping[tuple[datetime, str], Consumption]:
        record = self._tables.accounts.get(account)
        return record.consumption if record else {}


def newest(names: Sequence[str], limit: int, offset: int) -> Sequence[str]:
    """A page of names, the last one first."""
    end = max(len(names) - offset, 0)
    return names[max(end - limit, 0) : end][::-1]


def _remove_last_entry(account: MemoryAccount) -> None:
    account.balance -= account.entries.pop().microcredits
    account.balances.pop()
