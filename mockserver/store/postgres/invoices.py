"""SQL of invoices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mockserver.domain.errors import InvoiceNotFound
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.store import codec
from mockserver.store.errors import AlreadyInvoiced
from mockserver.store.postgres.accounts import LARGEST, AccountQueries
from mockserver.store.postgres.text import escape, escape_optional, unescape, unescape_optional

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice

_INVOICE: Final = "id, account, session, at_ms, record"
_LAST: Final = "(SELECT coalesce(max(number), 0) FROM invoices WHERE account = %s)"
_ADD: Final = (
    f"INSERT INTO invoices ({_INVOICE}, number) VALUES ($1, $2, $3, $4, $5, {_LAST % '$2'} + 1)"
    " ON CONFLICT (session) DO NOTHING RETURNING number"
)
_PAGE: Final = (
    f"SELECT {_INVOICE} FROM invoices WHERE account = $1 AND number <= {_LAST % '$1'} - $2"
    " ORDER BY number DESC LIMIT $3"
)


class InvoiceQueries(AccountQueries):
    """See Transaction."""

    async def add_invoice(self, invoice: Invoice) -> None:
        await self.open_account(invoice.account)
        values = (
            escape(invoice.id),
            escape(invoice.account),
            escape_optional(invoice.session),
            milliseconds(invoice.created_at),
            codec.encode_invoice(invoice),
        )
        if not await self._change(_ADD, *values):
            raise AlreadyInvoiced(invoice.session)

    async def invoice(self, invoice_id: str) -> Invoice:
        [rows] = await self._fetch((f"SELECT {_INVOICE} FROM invoices WHERE id = $1", (escape(invoice_id),)))
        if not rows:
            raise InvoiceNotFound.named(invoice_id)
        return _invoice(*rows[0])

    async def invoice_of(self, session_id: str) -> Invoice | None:
        [rows] = await self._fetch((f"SELECT {_INVOICE} FROM invoices WHERE session = $1", (escape(session_id),)))
        return _invoice(*rows[0]) if rows else None

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        await self._account(account)
        [rows] = await self._fetch((_PAGE, (escape(account), min(offset, LARGEST), limit)))
        return [_invoice(*row) for row in rows]


def _invoice(name: str, account: str, session: str | None, at: int, text: str) -> Invoice:
    from mockserver.domain.invoice import Invoice  # few mocks have invoices

    description, cents, microcredits, email = codec.decode_invoice(text)
    ids = unescape(name), unescape(account)
    return Invoice(*ids, description, cents, microcredits, instant(at), unescape_optional(session), email)
