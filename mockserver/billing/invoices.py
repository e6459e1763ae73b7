"""List and find invoices."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from mockserver.domain.errors import SessionNotFound

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.session import CheckoutSession
    from mockserver.store import AccountSummary, Store


class InvoiceRecord(NamedTuple):
    """An invoice, its account, and its session if it has one."""

    invoice: Invoice
    account: AccountSummary
    session: CheckoutSession | None


class Invoices:
    """The use cases of invoices."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        """The account's invoices, newest first. A missing account is created."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await tx.invoices(account, limit=limit, offset=offset)

    async def record(self, invoice_id: str) -> InvoiceRecord:
        """The invoice with this id, with what belongs to it. Raises InvoiceNotFound."""
        async with self._store.transaction() as tx:
            invoice = await tx.invoice(invoice_id)
            session: CheckoutSession | None = None
            if invoice.session is not None:
                with suppress(SessionNotFound):  # the store in memory drops its oldest sessions
                    session = await tx.session(invoice.session)
            [account] = await tx.accounts(only=invoice.account, limit=1, offset=0)
            return InvoiceRecord(invoice, account, session)

    async def find(self, invoice_id: str) -> Invoice:
        """The invoice with this id, of any account. Raises InvoiceNotFound."""
        async with self._store.transaction() as tx:
            return await tx.invoice(invoice_id)
