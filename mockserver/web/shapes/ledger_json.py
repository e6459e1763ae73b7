"""The JSON of a ledger in the control API."""

from __future__ import annotations

from typing import Any

from mockserver.billing.credit import LedgerPage
from mockserver.domain.instant import rfc3339
from mockserver.domain.ledger import LedgerRow
from mockserver.domain.money import as_credits, as_units


def ledger_json(account: str, page: LedgerPage) -> dict[str, Any]:
    """A page of a ledger as JSON, credits as numbers."""
    return {
        "account": account,
        "credit_balance": as_credits(page.balance),
        "total": page.total,
        "entries": [_entry_json(row) for row in page.rows],
    }


def _entry_json(row: LedgerRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": row.number,
        "kind": entry.kind.value,
        "credits": as_credits(entry.microcredits),
        "balance": as_credits(row.balance),
        "at": rfc3339(entry.at),
        "session": entry.session,
        "category": entry.category,
        "units": None if entry.microunits is None else as_units(entry.microunits),
    }
