"""The JSON of an account in the control API."""

from __future__ import annotations

from typing import Any

from mockserver.billing.accounts import AccountView
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_credits
from mockserver.web.shapes.clock_json import clock_json


def account_json(account: AccountView) -> dict[str, Any]:
    """The account as JSON, credits as numbers."""
    return {
        "id": account.id,
        "key_hint": account.key_hint,
        "name": account.name,
        "credit_balance": as_credits(account.balance),
        "sessions": account.sessions,
        "last_activity": None if account.last_activity is None else rfc3339(account.last_activity),
        **clock_json(account.clock),
    }
