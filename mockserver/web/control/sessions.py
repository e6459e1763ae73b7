"""`/_mock/sessions`: every session, and what a buyer does with one."""

from __future__ import annotations

from starlette.types import Scope

from mockserver.billing import Accounts, Checkout
from mockserver.domain.card import DEFAULT_CARD, Card
from mockserver.domain.session import CheckoutSession, Status
from mockserver.web.control.account_field import account_named
from mockserver.web.control.fields import Fields
from mockserver.web.control.resource import Call, Verb
from mockserver.web.http.address import Address
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.session_json import cancel_redirect, session_json, success_redirect


class SessionsNoun:
    """Lists, shows, pays, cancels and expires sessions."""

    def __init__(self, checkout: Checkout, accounts: Accounts, address: Address) -> None:
        self._checkout = checkout
        self._accounts = accounts
        self._address = address
        self.list_verbs = {"GET": Verb(self.list, query=frozenset({"key", "status", "limit", "offset"}))}
        self.one_verbs = {"GET": Verb(self.show)}
        self.pay_verbs = {"POST": Verb(self.pay, body=frozenset({"card", "authenticate"}))}
        self.cancel_verbs = {"POST": Verb(self.cancel, body=frozenset())}
        self.expire_verbs = {"POST": Verb(self.expire, body=frozenset())}

    async def list(self, call: Call) -> Reply:
        """The sessions of one account or of all, newest first."""
        status = _status(call.query)
        limit = call.query.integer("limit", default=50, least=1, most=1000)
        offset = call.query.integer("offset", default=0, least=0)
        account = await account_named(call.query, self._accounts)
        if account is None:
            sessions = await self._checkout.list_all(limit=limit, offset=offset, status=status)
        else:
            sessions = await self._checkout.list(account, limit=limit, offset=offset, status=status)
        shown = [session_json(session, url=self._address.page_url(call.scope, session.id)) for session in sessions]
        return Reply.json({"sessions": shown})

    async def show(self, call: Call) -> Reply:
        """One session."""
        session, _ = await self._checkout.view(call.named)
        return Reply.json(session_json(session, url=self._address.page_url(call.scope, session.id)))

    async def pay(self, call: Call) -> Reply:
        """Pay with a test card; 3-D Secure is passed unless told otherwise."""
        card = Card.of(DEFAULT_CARD if call.body.get("card") is None else call.body.get("card"))
        authenticate = call.body.switch("authenticate")
        # false: the buyer was never asked, so the answer is that they must be
        authenticated = None if authenticate is False else True
        session = await self._checkout.pay(call.named, card, authenticated=authenticated)
        return self._done(call.scope, session, redirect=success_redirect(session))

    async def cancel(self, call: Call) -> Reply:
        """Turn back, as a buyer does."""
        session = await self._checkout.cancel(call.named)
        return self._done(call.scope, session, redirect=cancel_redirect(session))

    async def expire(self, call: Call) -> Reply:
        """End the session before its time."""
        session = await self._checkout.expire(call.named)
        return Reply.json({"session": session_json(session, url=self._address.page_url(call.scope, session.id))})

    def _done(self, scope: Scope, session: CheckoutSession, *, redirect: str | None) -> Reply:
        shown = session_json(session, url=self._address.page_url(scope, session.id))
        return Reply.json({"session": shown, "redirect_url": redirect})


def _status(query: Fields) -> Status | None:
    given = query.text("status")
    if given is None:
        return None
    if given not in list(Status):
        raise query.wrong("status", f"status is {given[:60]!r}; one of {', '.join(Status)} is needed", code="enum")
    return Status(given)
