"""The JSON of an account's usage, with VideoDB's field names."""

from __future__ import annotations

from typing import Any, Final

from mockserver.domain.money import as_credits, as_units
from mockserver.domain.usage.price_card import PriceCard
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
        "email": usage.email or f"{account}@example.com",
        "credit_used": as_credits(usage.used),
    }


def usage_values(account: str, usage: Usage, price_card: PriceCard) -> dict[str, Any]:
    """The values of a profile's template: the usage, and units and prices of each priced resource."""
    return {
        **usage_json(account, usage),
        "units": {resource: as_units(usage.units.get(resource, 0)) for resource in price_card.prices},
        "cost_metric": {resource: as_credits(price) for resource, price in price_card.prices.items()},
    }
