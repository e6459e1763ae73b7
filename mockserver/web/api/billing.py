"""The billing endpoints: read the request, call the use case, build the reply."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mockserver.billing import AutoRecharges, Checkout, Credit, Invoices
from mockserver.contract import Profile
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_json_number
from mockserver.domain.order import Order, PriceList
from mockserver.domain.session import CheckoutSession
from mockserver.domain.usage.price_card import PriceCard
from mockserver.web.api.session_values import SessionValues
from mockserver.web.exchange.context import Endpoints, ExchangeContext
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, UNREAD, Reply
from mockserver.web.shapes.session_json import CURRENCY
from mockserver.web.shapes.usage_json import usage_values

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.recharge import AutoRecharge

INVOICE_STATUS: Final = "paid"
"""The only status: an invoice is created by its payment."""


class BillingEndpoints:
    """Checkouts, usage, invoices and auto recharge, in the words of the profile."""

    def __init__(
        self,
        checkout: Checkout,
        credit: Credit,
        invoices: Invoices,
        auto_recharge: AutoRecharges,
        *,
        profile: Profile,
        prices: PriceList,
        price_card: PriceCard,
        address: Address,
    ) -> None:
        self._checkout = checkout
        self._credit = credit
        self._invoices = invoices
        self._auto_recharge = auto_recharge
        self._profile = profile
        self._prices = prices
        self._price_card = price_card
        self._address = address

    @property
    def by_operation(self) -> Endpoints:
        """The endpoints by path and method."""
        return {
            ("/billing/checkout", "POST"): self.create_checkout,
            ("/billing/checkouts", "GET"): self.list_checkouts,
            ("/billing/usage", "GET"): self.show_usage,
            ("/billing/invoices", "GET"): self.list_invoices,
            ("/billing/topup", "POST"): self.create_topup,
            ("/billing/auto_recharge", "GET"): self.show_auto_recharge,
            ("/billing/auto_recharge", "POST"): self.change_auto_recharge,
        }

    async def create_checkout(self, context: ExchangeContext) -> Reply:
        """Create a session and answer its page's URL."""
        session = await self._checkout.create(context.account, Order.of(context.body, self._prices))
        context.now = session.created_at
        content = self._profile.checkout_text(self._session_values(context, session)).encode("utf-8")
        return Reply(200, content, media_type=JSON, value=UNREAD)

    async def create_topup(self, context: ExchangeContext) -> Reply:
        """Create a session for an amount alone."""
        session = await self._checkout.create(context.account, Order.top_up(context.body, self._prices))
        context.now = session.created_at
        return Reply.json(self._profile.topup_body(self._session_values(context, session)))

    async def list_checkouts(self, context: ExchangeContext) -> Reply:
        """List the account's sessions, newest first."""
        limit, offset = context.parameters["limit"], context.parameters["offset"]
        sessions = await self._checkout.list(context.account, limit=limit, offset=offset)
        return Reply.json(self._profile.list_body(self._session_values(context, session) for session in sessions))

    async def show_usage(self, context: ExchangeContext) -> Reply:
        """Show the account's credits and usage."""
        usage = await self._credit.usage(context.account)
        return Reply.json(self._profile.usage_body(usage_values(context.account, usage, self._price_card)))

    async def list_invoices(self, context: ExchangeContext) -> Reply:
        """List the account's invoices, newest first."""
        limit, offset = context.parameters["limit"], context.parameters["offset"]
        invoices = await self._invoices.list(context.account, limit=limit, offset=offset)
        return Reply.json(self._profile.invoices_body(self._invoice_values(context, invoice) for invoice in invoices))

    async def show_auto_recharge(self, context: ExchangeContext) -> Reply:
        """Show the account's auto recharge."""
        recharge = await self._auto_recharge.settings(context.account)
        return Reply.json(self._profile.auto_recharge_body(_recharge_values(recharge)))

    async def change_auto_recharge(self, context: ExchangeContext) -> Reply:
        """Change the settings that the body names."""
        recharge = await self._auto_recharge.change(context.account, context.body)
        values = {**_recharge_values(recharge), "message": _recharge_message(recharge)}
        return Reply.json(self._profile.auto_recharge_set_body(values))

    def _session_values(self, context: ExchangeContext, session: CheckoutSession) -> Mapping[str, Any]:
        return SessionValues(
            session, context.scope, page_url=self._address.page_url, status_words=self._profile.status_words
        )

    def _invoice_values(self, context: ExchangeContext, invoice: Invoice) -> dict[str, Any]:
        return {
            "id": invoice.id,
            "amount": as_json_number(Decimal(invoice.cents) / self._prices.cents_per_unit),
            "amount_cents": invoice.cents,
            "currency": CURRENCY,
            "status": INVOICE_STATUS,
            "pdf_url": self._address.invoice_url(context.scope, invoice.id),
            "created_at": rfc3339(invoice.created_at),
            "description": invoice.description,
        }


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
