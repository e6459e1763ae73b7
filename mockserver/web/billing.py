"""The endpoints of the billing family: take, do, answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.types import Scope

from mockserver.billing import AutoRecharges, Checkout, Credit, Invoices
from mockserver.contract import Profile
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_json_number
from mockserver.domain.order import Order, PriceList
from mockserver.domain.session import CheckoutSession
from mockserver.web.address import Address
from mockserver.web.exchange import Endpoint, Exchange
from mockserver.web.reply import Reply
from mockserver.web.session_json import CURRENCY
from mockserver.web.told import Told

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.recharge import AutoRecharge
from mockserver.web.usage_json import usage_json

INVOICE_STATUS: Final = "paid"
"""An invoice is made when its payment is."""


class BillingEndpoints:
    """Creates and lists sessions, tells usage, lists invoices and sets auto recharge, in the profile's words."""

    def __init__(
        self,
        checkout: Checkout,
        credit: Credit,
        invoices: Invoices,
        auto_recharges: AutoRecharges,
        *,
        profile: Profile,
        prices: PriceList,
        address: Address,
    ) -> None:
        self._checkout = checkout
        self._credit = credit
        self._invoices = invoices
        self._auto_recharges = auto_recharges
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
            ("/billing/invoices", "GET"): self.invoices,
            ("/billing/topup", "POST"): self.top_up,
            ("/billing/auto_recharge", "GET"): self.auto_recharge,
            ("/billing/auto_recharge", "POST"): self.set_auto_recharge,
        }

    async def create(self, exchange: Exchange) -> Reply:
        """A new session and where to pay it."""
        return Reply.json(
            self._profile.checkout_body(await self._created(exchange, Order.of(exchange.body, self._prices)))
        )

    async def top_up(self, exchange: Exchange) -> Reply:
        """The same for an amount alone."""
        order = Order.top_up(exchange.body, self._prices)
        return Reply.json(self._profile.topup_body(await self._created(exchange, order)))

    async def list(self, exchange: Exchange) -> Reply:
        """The account's sessions, newest first."""
        limit, offset = exchange.parameters["limit"], exchange.parameters["offset"]
        sessions = await self._checkout.list(exchange.account, limit=limit, offset=offset)
        return Reply.json(self._profile.list_body(self._told(exchange, session) for session in sessions))

    async def usage(self, exchange: Exchange) -> Reply:
        """What the account has and has spent."""
        usage = await self._credit.usage(exchange.account)
        return Reply.json(self._profile.usage_body(usage_json(exchange.account, usage)))

    async def invoices(self, exchange: Exchange) -> Reply:
        """The account's invoices, newest first."""
        limit, offset = exchange.parameters["limit"], exchange.parameters["offset"]
        invoices = await self._invoices.list(exchange.account, limit=limit, offset=offset)
        return Reply.json(self._profile.invoices_body(self._invoice_values(exchange, invoice) for invoice in invoices))

    async def auto_recharge(self, exchange: Exchange) -> Reply:
        """The account's auto recharge."""
        recharge = await self._auto_recharges.settings(exchange.account)
        return Reply.json(self._profile.auto_recharge_body(_recharge_values(recharge)))

    async def set_auto_recharge(self, exchange: Exchange) -> Reply:
        """Change what the body names of it."""
        recharge = await self._auto_recharges.change(exchange.account, exchange.body)
        values = {**_recharge_values(recharge), "message": _recharge_message(recharge)}
        return Reply.json(self._profile.auto_recharge_set_body(values))

    async def _created(self, exchange: Exchange, order: Order) -> Mapping[str, Any]:
        session = await self._checkout.create(exchange.account, order)
        exchange.now = session.created_at
        return self._told(exchange, session)

    def _told(self, exchange: Exchange, session: CheckoutSession) -> Mapping[str, Any]:
        return Told(self._of_session, _Shown(session, exchange.scope))

    def _invoice_values(self, exchange: Exchange, invoice: Invoice) -> dict[str, Any]:
        return {
            "id": invoice.id,
            "amount": as_json_number(Decimal(invoice.cents) / self._prices.cents_per_unit),
            "amount_cents": invoice.cents,
            "currency": CURRENCY,
            "status": INVOICE_STATUS,
            "pdf_url": self._address.invoice_url(exchange.scope, invoice.id),
            "created_at": rfc3339(invoice.created_at),
            "description": invoice.description,
        }

    @cached_property
    def _of_session(self) -> Mapping[str, Callable[[_Shown], Any]]:
        words, page_url = self._profile.status_words, self._address.page_url
        return {
            "id": lambda shown: shown.session.id,
            "url": lambda shown: page_url(shown.scope, shown.session.id),
            "amount": lambda shown: _json_number(shown.session.order.amount),
            "amount_cents": lambda shown: shown.session.order.cents,
            "currency": lambda _: CURRENCY,
            "status": lambda shown: words[shown.session.status],
            "mode": lambda shown: shown.session.order.mode.value,
            "plan_id": lambda shown: shown.session.order.plan_id,
            "created_at": lambda shown: rfc3339(shown.session.created_at),
            "expires_at": lambda shown: rfc3339(shown.session.expires_at),
        }


class _Shown(NamedTuple):
    """A session as it is shown in answer to a request."""

    session: CheckoutSession
    scope: Scope


def _json_number(number: Decimal | None) -> int | float | None:
    return None if number is None else as_json_number(number)


def _recharge_values(recharge: AutoRecharge) -> dict[str, Any]:
    return {
        "enabled": recharge.enabled,
        "threshold": as_json_number(recharge.threshold),
        "amount": as_json_number(recharge.amount),
    }


def _recharge_message(recharge: AutoRecharge) -> str:
    if not recharge.enabled:
        return "Auto recharge is off"
    threshold, amount = as_json_number(recharge.threshold), as_json_number(recharge.amount)
    return f"Auto recharge is on: {amount} is charged when the balance falls under {threshold} credits"
