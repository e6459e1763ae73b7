"""The endpoints of the billing family: take, do, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.billing import Checkout, Credit
from mockserver.contract import Profile
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_json_number
from mockserver.domain.order import Order, PriceList
from mockserver.domain.session import CheckoutSession
from mockserver.web.address import Address
from mockserver.web.exchange import Endpoint, Exchange
from mockserver.web.reply import Reply
from mockserver.web.session_json import CURRENCY
from mockserver.web.usage_json import usage_json


class BillingEndpoints:
    """Creates and lists sessions and tells usage, in the profile's words."""

    def __init__(
        self, checkout: Checkout, credit: Credit, *, profile: Profile, prices: PriceList, address: Address
    ) -> None:
        self._checkout = checkout
        self._credit = credit
        self._profile = profile
        self._prices = prices
        self._address = address

    @property
    def by_operation(self) -> Mapping[tuple[str, str], Endpoint]:
        """The endpoints by path and method."""
        return {
            ("/billing/checkout", "POST"): self.create,
            ("/billing/checkouts", "GET"): self.list,
            ("/billing/usage", "GET"): self.usage,
        }

    async def create(self, exchange: Exchange) -> Reply:
        """A new session and where to pay it."""
        session = await self._checkout.create(exchange.account, Order.of(exchange.body, self._prices))
        exchange.now = session.created_at
        values = self._values(session)
        values["url"] = self._address.page_url(exchange.scope, session.id)
        return Reply.json(self._profile.checkout_body(values))

    async def list(self, exchange: Exchange) -> Reply:
        """The account's sessions, newest first."""
        limit, offset = exchange.parameters["limit"], exchange.parameters["offset"]
        sessions = await self._checkout.list(exchange.account, limit=limit, offset=offset)
        return Reply.json(self._profile.list_body(map(self._values, sessions)))

    async def usage(self, exchange: Exchange) -> Reply:
        """What the account has and has spent."""
        usage = await self._credit.usage(exchange.account)
        return Reply.json(self._profile.usage_body(usage_json(exchange.account, usage)))

    def _values(self, session: CheckoutSession) -> dict[str, Any]:
        order = session.order
        return {
            "id": session.id,
            "amount": None if order.amount is None else as_json_number(order.amount),
            "amount_cents": order.cents,
            "currency": CURRENCY,
            "status": self._profile.status_words[session.status],
            "mode": order.mode.value,
            "plan_id": order.plan_id,
            "created_at": rfc3339(session.created_at),
            "expires_at": rfc3339(session.expires_at),
        }
