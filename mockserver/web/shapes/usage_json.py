"""The JSON of an account's usage, with VideoDB's field names."""

from __future__ import annotations

from typing import Any, Final

from mockserver.domain.money import as_credits
from mockserver.domain.usage.usage import Usage

FREE_PLAN: Final = "free"
"""`plan_id` of an account without a subscription; this is an assumption."""


def usage_json(account: str, usage: Usage) -> dict[str, Any]:
    """The usage as JSON, credits as numbers."""
    return {
        "credit_balance": as_credits(usage.balance),
        "usage_this_month": as_credits(usage.this_month),
        "breakdown": {name: as_credits(spent) for name, spent in usage.breakdown.items()},
        "plan_id": usage.plan_id or FREE_PLAN,
        "email": f"{account}@example.com",
        "credit_used": as_credits(usage.used),
    }
