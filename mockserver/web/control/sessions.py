"""`/_mock/sessions`: every session, and the actions of a buyer."""

from __future__ import annotations

from typing import Final

from mockserver.asgi import Scope
from mockserver.billing import Accounts, Checkout
from mockserver.domain.card import Card
from mockserver.domain.order import Mode, Order, PriceList
from mockserver.domain.payment.buyer import Buyer, is_email
from mockserver.domain.payment.card_table import DEFAULT_CARD
from mockserver.domain.redirect import usable_redirect
from mockserver.domain.session import CheckoutSession, Status
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.redirects import cancel_redirect, success_redirect
from mockserver.web.shapes.session_json import session_json

_MOST: Final = 10**12
"""The largest amount of a session that the control API creates."""


class SessionsHandlers:
    """List, create, show, pay, cancel and expire sessions."""

    def __init__(self, checkout: Checkout, accounts: Accounts, address: Address, prices: PriceList) -> None:
        self._checkout = checkout
        self._accounts = accounts
        self._address = address
        self._prices = prices
        self.list_methods = {
            "GET": Method(self.list, query=frozenset({"key", "status", "id", "limit", "offset"})),
            "POST": Method(self.create, body=frozenset({"key", "amount", "plan_id", "success_url", "cancel_url"})),
        }
        self.show_methods = {"GET": Method(self.show)}
        self.pay_methods = {"POST": Method(self.pay, body=frozenset({"card", "authenticate", "email"}))}
        self.cancel_methods = {"POST": Method(self.cancel, body=frozenset())}
        self.expire_methods = {"POST": Method(self.expire, body=frozenset())}

    async def list(self, request: ControlRequest) -> Reply:
        """List the sessions of one account or of all, newest first."""
        status = _status(request.query)
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        offset = request.query.integer("offset", default=0, least=0)
        part = request.query.text("id") or ""
        account = await read_account(request.query, self._accounts)
        if account is None:
            sessions = await self._checkout.list_all(limit=limit, offset=offset, status=status, part=part)
        else:
            sessions = await self._checkout.list(account, limit=limit, offset=offset, status=status, part=part)
        return Reply.json({"sessions": [self._json(request.scope, session) for session in sessions]})

    async def create(self, request: ControlRequest) -> Reply:
        """Create a session for an amount, or for a plan, as a client of the API does."""
        request.body.required("key")
        order = Order.of(_order_body(request.body), self._prices)
        account = await read_account(request.body, self._accounts) or ""
        session = await self._checkout.create(account, order)
        return Reply.json({"session": self._json(request.scope, session)})

    async def show(self, request: ControlRequest) -> Reply:
        """Show one session."""
        session, _ = await self._checkout.view(request.path_id)
        return Reply.json(self._json(request.scope, session))

    async def pay(self, request: ControlRequest) -> Reply:
        """Pay with a test card. 3-D Secure succeeds unless `authenticate` is false."""
        given = request.body.get("card")
        card = Card.of(DEFAULT_CARD if given is None else given)
        authenticate = request.body.boolean("authenticate")
        # false: the buyer was not asked yet, so the answer is that 3-D Secure is required
        authenticated = None if authenticate is False else True
        buyer = _buyer(request.body)
        session = await self._checkout.pay(request.path_id, card, authenticated=authenticated, buyer=buyer)
        return self._reply(request.scope, session, redirect=success_redirect(session))

    async def cancel(self, request: ControlRequest) -> Reply:
        """Leave the checkout page without a payment."""
        session = await self._checkout.cancel(request.path_id)
        return self._reply(request.scope, session, redirect=cancel_redirect(session))

    async def expire(self, request: ControlRequest) -> Reply:
        """Expire the session before its time."""
        session = await self._checkout.expire(request.path_id)
        return Reply.json({"session": self._json(request.scope, session)})

    def _reply(self, scope: Scope, session: CheckoutSession, *, redirect: str | None) -> Reply:
        return Reply.json({"session": self._json(scope, session), "redirect_url": redirect})

    def _json(self, scope: Scope, session: CheckoutSession) -> dict[str, object]:
        return session_json(session, url=self._address.page_url(scope, session.id))


def _order_body(body: Fields) -> dict[str, object]:
    """The body of a client's order. Raises InvalidRequest."""
    redirects = {name: _redirect(body, name) for name in ("success_url", "cancel_url") if name in body}
    plan_id, amount = body.text("plan_id"), body.get("amount")
    if (plan_id is None) == (amount is None):
        message = "either amount or plan_id is needed: an amount buys credits, a plan is a subscription"
        raise body.error("amount", message, code="one_of")
    if plan_id is not None:
        return {"mode": Mode.SUBSCRIPTION.value, "plan_id": plan_id, **redirects}
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= _MOST:
        raise body.error("amount", f"amount is {amount!r:.60}; a whole number from 1 to {_MOST} is needed")
    return {"amount": amount, **redirects}


def _redirect(body: Fields, name: str) -> str | None:
    url = body.text(name)
    if usable_redirect(url) is None:
        raise body.error(name, f"{name} is {url!r:.60}; an http or https URL of ASCII is needed", code="format")
    return url


def _buyer(body: Fields) -> Buyer | None:
    email = body.text("email")
    if email is not None and not is_email(email):
        raise body.error("email", f"email is {email[:60]!r}; an e-mail address is needed", code="format")
    return None if email is None else Buyer(email)


def _status(query: Fields) -> Status | None:
    given = query.text("status")
    if given is None:
        return None
    if given not in list(Status):
        raise query.error("status", f"status is {given[:60]!r}; one of {', '.join(Status)} is needed", code="enum")
    return Status(given)
