"""Orders: the goods and the price of a checkout session.

Rule 1: payment mode sells credits for dollars; subscription mode sells a plan and ignores `amount`.
Rule 2: an amount that is not a whole number of dollars from 1 is kept, but sells nothing. The same holds above
        MOST_DOLLARS, where sums would no longer be JSON numbers.
Rule 3: an order is fixed when it is created; later changes of settings do not affect it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from mockserver.domain.money import MICRO, as_decimal
from mockserver.domain.redirect import usable_redirect

DEFAULT_PLAN: Final = "plan-basic"
MOST_DOLLARS: Final = 10**30


class Mode(StrEnum):
    """The kind of goods."""

    PAYMENT = "payment"
    SUBSCRIPTION = "subscription"


_MODES: Final = {mode.value: mode for mode in Mode}


class Plan(NamedTuple):
    """A subscription plan: its price in whole cents, its credits in microcredits."""

    cents: int
    microcredits: int


BASIC: Final = Plan(cents=2_000, microcredits=20 * MICRO)


class PriceList(NamedTuple):
    """The prices of credits and plans. An unknown plan is sold like the default one."""

    microcredits_per_dollar: int = MICRO
    plans: Mapping[str, Plan] = MappingProxyType({DEFAULT_PLAN: BASIC})
    amount_unit: Literal["dollars", "cents"] = "dollars"

    def plan(self, plan_id: str | None) -> Plan:
        """The plan with this id, or the default one."""
        return self.plans.get(plan_id or DEFAULT_PLAN) or self.plans.get(DEFAULT_PLAN, BASIC)

    def microcredits_for(self, cents: int) -> int:
        """The microcredits for an amount of cents."""
        return cents * self.microcredits_per_dollar // 100

    @property
    def cents_per_unit(self) -> int:
        """The number of cents in one unit of the API's `amount`."""
        return 100 if self.amount_unit == "dollars" else 1


class Order(NamedTuple):
    """An order: `amount` as given, in the API's unit; price in cents; credits in microcredits."""

    mode: Mode
    plan_id: str | None
    amount: Decimal | int | None
    cents: int
    microcredits: int
    success_url: str | None = None
    cancel_url: str | None = None

    @classmethod
    def of(cls, body: Mapping[str, object], prices: PriceList) -> Order:
        """The order of a request body that the contract has accepted.

        Of two spellings of a redirect, the snake_case one counts. An unusable redirect is None.
        """
        mode = _MODES[str(body["mode"])] if "mode" in body else Mode.PAYMENT
        given_plan = body.get("plan_id")
        plan_id = given_plan if isinstance(given_plan, str) else None
        redirects = (
            usable_redirect(body.get("success_url", body.get("successUrl"))),
            usable_redirect(body.get("cancel_url", body.get("cancelUrl"))),
        )
        if mode is Mode.SUBSCRIPTION:
            plan = prices.plan(plan_id)
            return cls(
                mode, plan_id, Decimal(plan.cents) / prices.cents_per_unit, plan.cents, plan.microcredits, *redirects
            )
        given = body.get("amount")
        # nearly every amount is whole, and an integer is exact
        amount = given if type(given) is int else as_decimal(given) if isinstance(given, int | float) else None
        cents, microcredits = _amount_terms(amount, prices)
        return cls(mode, plan_id, amount, cents, microcredits, *redirects)

    @classmethod
    def top_up(cls, body: Mapping[str, object], prices: PriceList) -> Order:
        """The order of a top-up: a payment of `amount`. Other members of the body are ignored."""
        return cls.of({"amount": body["amount"]}, prices)


def _amount_terms(amount: Decimal | int | None, prices: PriceList) -> tuple[int, int]:
    if amount is None or not 1 <= amount <= MOST_DOLLARS or amount != int(amount):
        return 0, 0
    cents = int(amount) * prices.cents_per_unit
    return cents, prices.microcredits_for(cents)
