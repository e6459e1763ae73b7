"""The parts of Transaction that a store without round trips needs no statements of its own for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from mockserver.domain.errors import InvoiceNotFound, SessionNotFound

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.ledger import CreditEntry
    from mockserver.domain.session import CheckoutSession

_ROWS: Final = 200
"""The rows after which other requests have their turn; those for the store wait for the end."""


class OneByOne(Protocol):
    """See Transaction."""

    async def open_account(self, account: str) -> None: ...

    async def add_session(self, session: CheckoutSession) -> None: ...

    async def session(self, session_id: str) -> CheckoutSession: ...

    async def add_entry(self, entry: CreditEntry) -> None: ...

    async def add_invoice(self, invoice: Invoice) -> None: ...

    async def invoice(self, invoice_id: str) -> Invoice: ...

    async def add_rows(
        self,
        account: str,
        sessions: Iterable[CheckoutSession],
        entries: Iterable[CreditEntry],
        invoices: Iterable[Invoice],
    ) -> None:
        await self.open_account(account)
        for number, session in enumerate(sessions):
            await self.add_session(session)
            await _let_others_run(number)
        for number, entry in enumerate(entries):
            await self.add_entry(entry)
            await _let_others_run(number)
        for number, invoice in enumerate(invoices):
            await self.add_invoice(invoice)
            await _let_others_run(number)

    async def first_taken(self, sessions: Iterable[str], invoices: Iterable[str]) -> str | None:
        for session_id in sessions:
            with suppress(SessionNotFound):
                return (await self.session(session_id)).id
        for invoice_id in invoices:
            with suppress(InvoiceNotFound):
                return (await self.invoice(invoice_id)).id
        return None


async def _let_others_run(number: int) -> None:
    if number % _ROWS == _ROWS - 1:
        await asyncio.sleep(0)
