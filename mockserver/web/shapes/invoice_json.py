"""The JSON of an invoice in the control API: the same fields in every profile, absent values null."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockserver.domain.instant import rfc3339
from mockserver.domain.invoice import Invoice
from mockserver.domain.money import as_credits, as_json_number


def invoice_json(invoice: Invoice, *, pdf_url: str) -> dict[str, Any]:
    """The invoice as JSON; `amount` is in dollars, `pdf_url` the URL of its PDF."""
    return {
        "id": invoice.id,
        "account": invoice.account,
        "description": invoice.description,
        "amount": as_json_number(Decimal(invoice.cents) / 100),
        "credits": as_credits(invoice.microcredits),
        "created_at": rfc3339(invoice.created_at),
        "session": invoice.session,
        "email": invoice.email,
        "pdf_url": pdf_url,
    }
