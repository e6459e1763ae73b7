"""The JSON of an account in the control API."""

from __future__ import annotations

from typing import Any

from mockserver.billing.accounts import AccountView
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_credits


def account_json(account: AccountView) -> dict[str, Any]:
    """The account as JSON, credits as numbers."""
    return {
        "id": account.id,
        "credit_balance": as_credits(account.balance),
        "sessions": account.sessions,
        "now": rfc3339(account.now),
    }
