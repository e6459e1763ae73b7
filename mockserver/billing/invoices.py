"""List and find invoices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.store import Store


class Invoices:
    """The use cases of invoices."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        """The account's invoices, newest first. A missing account is created."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await tx.invoices(account, limit=limit, offset=offset)

    async def find(self, invoice_id: str) -> Invoice:
        """The invoice with this id, of any account. Raises InvoiceNotFound."""
        async with self._store.transaction() as tx:
            return await tx.invoice(invoice_id)
