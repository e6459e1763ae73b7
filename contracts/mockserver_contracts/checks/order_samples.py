"""Orders of every kind that a page of credits sends, for checks that follow what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

TEMPLATE: Final = "{CHECKOUT_SESSION_ID}"
_SHOP: Final = "https://buyer@shop.example:8443"
SUCCESS: Final = f"{_SHOP}/ok/a%20b?s={TEMPLATE}&again={TEMPLATE}&c=%2F#done"
CANCEL: Final = f"{_SHOP}/cart?a=1&b=%C3%BC#top"
OTHER_SUCCESS: Final = "http://localhost:3000/camel/ok"
OTHER_CANCEL: Final = "http://localhost:3000/camel/no"
PLAN: Final = "plan-basic"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of order: what it is, and where the buyer is to be sent."""

    name: str
    fields: Mapping[str, Any]
    success_url: str | None = None
    cancel_url: str | None = None

    @property
    def plan(self) -> str | None:
        """The plan that is bought; None where an amount is."""
        return str(self.fields["plan_id"]) if self.fields.get("mode") == "subscription" else None

    @property
    def dollars(self) -> int:
        """What an amount costs; 0 for a plan."""
        return 0 if self.plan is not None else int(self.fields["amount"])


_SNAKE: Final = {"success_url": SUCCESS, "cancel_url": CANCEL}
_CAMEL: Final = {"successUrl": OTHER_SUCCESS, "cancelUrl": OTHER_CANCEL}
_PLAN: Final = {"mode": "subscription", "plan_id": PLAN}

KINDS: Final = (
    Kind("an amount", {"amount": 50}),
    Kind("an amount as 51.0", {"amount": 51.0}),
    Kind("a dollar", {"amount": 1}),
    Kind("an amount with its mode", {"amount": 300, "mode": "payment"}),
    Kind("a large amount", {"amount": 70_001}),
    Kind("the largest amount", {"amount": 999_999}),
    Kind("an amount with both redirects", {"amount": 12, **_SNAKE}, SUCCESS, CANCEL),
    Kind("an amount with camelCase redirects", {"amount": 13, **_CAMEL}, OTHER_SUCCESS, OTHER_CANCEL),
    Kind("an amount with redirects in both spellings", {"amount": 14, **_CAMEL, **_SNAKE}, SUCCESS, CANCEL),
    Kind("an amount with a success URL alone", {"amount": 15, "success_url": SUCCESS}, success_url=SUCCESS),
    Kind("an amount with a cancel URL alone", {"amount": 16, "cancel_url": CANCEL}, cancel_url=CANCEL),
    Kind("an amount with a plan_id", {"amount": 17, "plan_id": PLAN}),
    Kind("a plan", dict(_PLAN)),
    Kind("a plan with an amount", {**_PLAN, "amount": 18}),
    Kind("a plan with redirects", {**_PLAN, **_SNAKE}, SUCCESS, CANCEL),
)
