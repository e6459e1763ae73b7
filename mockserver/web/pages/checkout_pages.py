"""The hosted checkout page: shows a session, and pays or cancels it, with forms alone.

Rule 1: only a page of ours can pay: its form carries a token bound to the session.
Rule 2: a session's page is never cached, framed, or told to other sites.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from mockserver.billing import Checkout
from mockserver.domain.card import DEFAULT_CARD, TEST_CARDS, Card
from mockserver.domain.errors import (
    AuthenticationRequired,
    CardDeclined,
    CheckoutError,
    ForbiddenOrigin,
    InvalidRequest,
    MethodNotAllowed,
    PayloadTooLarge,
    SessionNotFound,
    UnsupportedMediaType,
)
from mockserver.domain.session import CheckoutSession
from mockserver.journal.redaction import REDACTED
from mockserver.web.exchange.fault_injector import Strikes
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.address import Address
from mockserver.web.http.media_types import takes
from mockserver.web.http.refusal import error_headers, status_of
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import ClientGone, Incoming, incoming
from mockserver.web.http.tokens import page_token, same_text
from mockserver.web.pages.page_renderer import CheckoutView, PageViews
from mockserver.web.shapes.session_json import cancel_redirect, success_redirect

FORM: Final = ("application/x-www-form-urlencoded",)
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
_FIELDS: Final = 20
_LONGEST_EMAIL: Final = 254
_CARD_FIELDS: Final = re.compile(rb"(?<![^&])(card|cvc)=([^&]*)")


@dataclass(frozen=True, slots=True)
class PageForm:
    """What the page posts."""

    csrf: str
    action: str
    card: str
    email: str
    expiry: str
    cvc: str
    authenticated: bool | None

    @classmethod
    def of(cls, body: bytes) -> PageForm:
        """The form in a body; raises InvalidRequest."""
        try:
            fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
        except ValueError:
            raise InvalidRequest("the form cannot be read; send what the page sends") from None
        # the last of each name: a button comes after the fields, and says otherwise
        given = {name: values[-1] for name, values in fields.items()}
        action = given.get("action", "")
        if action not in ("pay", "cancel"):
            raise InvalidRequest(f"action is {action[:40]!r}; pay or cancel is needed")
        return cls(
            csrf=given.get("csrf", ""),
            action=action,
            card=given.get("card", "").strip() or DEFAULT_CARD,
            email=given.get("email", "")[:_LONGEST_EMAIL],
            expiry=given.get("expiry", "").strip(),
            cvc=given.get("cvc", "").strip(),
            authenticated={"true": True, "false": False}.get(given.get("authenticate", "")),
        )


class CheckoutPages:
    """Answers `/c/pay/{id}` and `/pay/{id}`, as an ASGI application."""

    def __init__(
        self,
        checkout: Checkout,
        views: PageViews,
        address: Address,
        *,
        secret: bytes,
        strikes: Strikes,
        recorder: Recorder,
        body_limit: int,
    ) -> None:
        self._checkout = checkout
        self._views = views
        self._address = address
        self._secret = secret
        self._strikes = strikes
        self._recorder = recorder
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name: str = scope["path_params"]["id"]
        try:
            request = await incoming(scope, receive, limit=self._body_limit)
            owner = await self._owner(name)
            reply, fault = await self._strikes.answered(request, owner, partial(self._reply, request, name))
        except ClientGone:
            return
        body = _without_card(request.body or b"")
        await self._recorder.keep(request, reply, account=owner, planned_fault=fault, body=body)
        await request.answer(reply, receive, send)

    async def _owner(self, name: str) -> str | None:
        try:
            session, _ = await self._checkout.view(name)
        except SessionNotFound:
            return None
        return session.account

    async def _reply(self, request: Incoming, name: str) -> Reply:
        try:
            session, _ = await self._checkout.view(name)
            return await self._answer(request, session)
        except CheckoutError as error:
            return await self._refused(request, name, error)

    async def _answer(self, request: Incoming, session: CheckoutSession) -> Reply:
        if request.method in ("GET", "HEAD"):
            return await self._page(request, session.id, cancelled=request.query == "cancelled")
        if request.method == "OPTIONS":
            return Reply(204, headers=[(b"allow", ", ".join(METHODS).encode())])
        if request.method != "POST":
            raise MethodNotAllowed(request.method, METHODS)
        return await self._act(request, session)

    async def _act(self, request: Incoming, session: CheckoutSession) -> Reply:
        if request.body is None:
            raise PayloadTooLarge(f"the form is over {self._body_limit} bytes, the most that is taken")
        if not takes(request.header(b"content-type"), FORM):
            raise UnsupportedMediaType(f"the form's Content-Type is not {FORM[0]}")
        form = PageForm.of(request.body)
        if not same_text(form.csrf, page_token(self._secret, session.id)):
            raise ForbiddenOrigin("this form is not from this session's page; open the page again")
        if form.action == "cancel":
            cancelled = await self._checkout.cancel(session.id)
            return _see_other(cancel_redirect(cancelled) or f"{request.path}?cancelled")
        try:
            card = Card.of(form.card, expiry=form.expiry, cvc=form.cvc)
            paid = await self._checkout.pay(session.id, card, authenticated=form.authenticated)
        except CheckoutError as error:
            # kept in the page for the next step, and nowhere else
            confirming = form.card if isinstance(error, AuthenticationRequired) else None
            return await self._page(request, session.id, error=error, confirming=confirming, email=form.email)
        return _see_other(success_redirect(paid) or request.path)

    async def _refused(self, request: Incoming, name: str, error: CheckoutError) -> Reply:
        try:
            return await self._page(request, name, error=error)
        except CheckoutError as unknown:
            return self._views.problem(unknown, status=status_of(unknown), headers=error_headers(unknown))

    async def _page(
        self,
        request: Incoming,
        name: str,
        *,
        error: CheckoutError | None = None,
        confirming: str | None = None,
        email: str = "",
        cancelled: bool = False,
    ) -> Reply:
        session, now = await self._checkout.view(name)
        view = CheckoutView(
            session=session,
            now=now,
            csrf=page_token(self._secret, session.id),
            error=error.message if error and not isinstance(error, AuthenticationRequired) else None,
            declined=isinstance(error, CardDeclined),
            confirming=confirming,
            email=email,
            onward=success_redirect(session),
            base=self._address.base(request.scope),
            cancelled=cancelled,
        )
        status = status_of(error) if error else None
        return self._views.checkout(view, status=status, headers=error_headers(error) if error else ())


def _without_card(form: bytes) -> bytes:
    """What may be kept of a form: of cards the test cards alone, and nobody's security code."""

    def kept(field: re.Match[bytes]) -> bytes:
        is_test_card = field[1] == b"card" and re.sub(rb"[^0-9]", b"", field[2]).decode() in TEST_CARDS
        return field[0] if is_test_card or not field[2] else field[1] + b"=" + REDACTED.encode()

    return _CARD_FIELDS.sub(kept, form)


def _see_other(url: str) -> Reply:
    return Reply(303, headers=[(b"location", url.encode("ascii")), (b"cache-control", b"no-store")])
