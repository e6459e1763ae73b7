"""The operations of the independent server beside the checkout: invoices, top-ups, consumption and auto recharge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contracts.servers.accounts import Books, Refused

PATHS = {
    "/billing/invoices": ("GET",),
    "/billing/topup": ("POST",),
    "/billing/auto_recharge": ("GET", "POST"),
}


class BillingOperations:
    """Answers by the same books as the checkout."""

    def __init__(self, books: Books, *, prices: Mapping[str, float] | None = None) -> None:
        self._books = books
        # With prices it counts units, shows what one witness saw of usage, and lets accounts be overdrawn.
        self._prices = prices

    def invoices(self, key: str, host: str) -> list[dict[str, Any]]:
        listed = self._books.account(key).invoices[::-1]
        return [{**invoice, "pdf_url": f"http://{host}/invoice/{invoice['id']}"} for invoice in listed]

    def order(self, body: Any) -> dict[str, Any]:
        """The order of a top-up."""
        amount = body.get("amount")
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount != int(amount):
            raise Refused(400, "invalid_request", "amount")
        if not 1 <= amount <= 999_999:
            raise Refused(400, "invalid_request", "amount")
        if body.get("currency", "usd") != "usd":
            raise Refused(400, "invalid_request", "currency")
        return {"amount": amount}

    def recharge(self, key: str, body: Any) -> dict[str, Any]:
        """The settings, changed where there is a body."""
        account = self._books.account(key)
        for name in ("threshold", "amount") if body is not None else ():
            value = body.get(name, 0)
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise Refused(400, "invalid_request", name)
            if name == "amount" and value > 999_999:
                raise Refused(400, "invalid_request", name)
        if body is not None:
            if not isinstance(body.get("enabled", False), bool):
                raise Refused(400, "invalid_request", "enabled")
            account.recharge |= {name: body[name] for name in account.recharge if name in body}
        return account.recharge

    def consume(self, key: str, credits: float, category: str) -> None:
        account = self._books.account(key)
        settings = account.recharge
        left = round(account.credits - credits, 6)
        bought = settings["amount"] if settings["enabled"] and left < settings["threshold"] else 0
        if left + bought < 0 and self._prices is None:
            raise Refused(402, "insufficient_credits", "too few")
        if bought:
            self._books.invoice(account, bought)
        account.credits = round(left + bought, 6)
        account.spent.append((account.now, category, credits))

    def consume_units(self, key: str, resource: str, units: float) -> None:
        if self._prices is None or resource not in self._prices:
            raise Refused(400, "invalid_request", "resource")
        self.consume(key, round(self._prices[resource] * units, 6), resource)
        counted = self._books.account(key).units
        counted[resource] = counted.get(resource, 0) + units

    def usage(self, key: str) -> dict[str, Any]:
        usage = self._books.usage(key)
        if self._prices is None:
            return usage
        units = self._books.account(key).units
        return {
            **{name: usage[name] for name in ("credit_used", "credit_balance", "plan_id")},
            "cost_metric": dict(self._prices),
            **{resource: units.get(resource, 0) for resource in self._prices},
        }

    def give(self, key: str, credits: float) -> None:
        account = self._books.account(key)
        account.credits = round(account.credits + credits, 6)
