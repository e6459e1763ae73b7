"""The hosted checkout page: shows a session, and pays or cancels it by plain forms.

Rule 1: only the mock's own page can pay: its form has a CSRF token that is bound to the session.
Rule 2: the page is not cached, not framed, and sends no referrer to other sites.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.billing import Checkout
from mockserver.domain.card import Card
from mockserver.domain.errors import (
    AuthenticationRequired,
    CardDeclined,
    CheckoutError,
    ForbiddenOrigin,
    MethodNotAllowed,
    PayloadTooLarge,
    SessionNotFound,
    UnsupportedMediaType,
)
from mockserver.domain.session import CheckoutSession
from mockserver.web.exchange.fault_injector import FaultInjector
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.address import Address
from mockserver.web.http.media_types import is_media_type
from mockserver.web.http.methods import options_reply
from mockserver.web.http.refusal import error_headers, status_of
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import ClientDisconnected, Request, read_request
from mockserver.web.http.tokens import is_same_token, page_token
from mockserver.web.pages.checkout_form import CheckoutForm, redact_cards
from mockserver.web.pages.checkout_view import CheckoutView
from mockserver.web.pages.page_renderer import PageRenderer
from mockserver.web.shapes.redirects import cancel_redirect, success_redirect

FORM: Final = ("application/x-www-form-urlencoded",)
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")


class CheckoutPages:
    """Answer `/c/pay/{id}` and `/pay/{id}`, as an ASGI application."""

    def __init__(
        self,
        checkout: Checkout,
        renderer: PageRenderer,
        address: Address,
        *,
        secret: bytes,
        fault_injector: FaultInjector,
        recorder: Recorder,
        body_limit: int,
    ) -> None:
        self._checkout = checkout
        self._renderer = renderer
        self._address = address
        self._secret = secret
        self._fault_injector = fault_injector
        self._recorder = recorder
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id: str = scope["path_params"]["id"]
        try:
            request = await read_request(scope, receive, limit=self._body_limit)
            account = await self._account(session_id)
            answer = partial(self._answer, request, session_id)
            reply, fault = await self._fault_injector.inject(request, account, answer)
        except ClientDisconnected:
            return
        body = redact_cards(request.body or b"")
        await self._recorder.record(request, reply, account=account, planned_fault=fault, body=body)
        await request.send_reply(reply, receive, send)

    async def _account(self, session_id: str) -> str | None:
        try:
            session, _ = await self._checkout.view(session_id)
        except SessionNotFound:
            return None
        return session.account

    async def _answer(self, request: Request, session_id: str) -> Reply:
        try:
            session, _ = await self._checkout.view(session_id)
            return await self._answer_session(request, session)
        except CheckoutError as error:
            return await self._refusal_page(request, session_id, error)

    async def _answer_session(self, request: Request, session: CheckoutSession) -> Reply:
        if request.method in ("GET", "HEAD"):
            return await self._page(request, session.id, cancelled=request.query == "cancelled")
        if request.method == "OPTIONS":
            return options_reply(METHODS)
        if request.method != "POST":
            raise MethodNotAllowed(request.method, METHODS)
        return await self._submit(request, session)

    async def _submit(self, request: Request, session: CheckoutSession) -> Reply:
        if request.body is None:
            raise PayloadTooLarge(f"the form is larger than the limit of {self._body_limit} bytes")
        if not is_media_type(request.header(b"content-type"), FORM):
            raise UnsupportedMediaType(f"the form's Content-Type is not {FORM[0]}")
        form = CheckoutForm.of(request.body)
        if not is_same_token(form.csrf, page_token(self._secret, session.id)):
            raise ForbiddenOrigin("this form is not from this session's page; open the page again")
        if form.action == "cancel":
            cancelled = await self._checkout.cancel(session.id)
            return _see_other(cancel_redirect(cancelled) or f"{request.path}?cancelled")
        try:
            card = Card.of(form.card, expiry=form.expiry, cvc=form.cvc)
            paid = await self._checkout.pay(session.id, card, authenticated=form.authenticated)
        except CheckoutError as error:
            # only the page holds the card for the next step; the mock does not store it
            confirming = form.card if isinstance(error, AuthenticationRequired) else None
            return await self._page(request, session.id, error=error, confirming=confirming, email=form.email)
        return _see_other(success_redirect(paid) or request.path)

    async def _refusal_page(self, request: Request, session_id: str, error: CheckoutError) -> Reply:
        try:
            return await self._page(request, session_id, error=error)
        except CheckoutError as unknown:
            return self._renderer.render_problem(unknown, status=status_of(unknown), headers=error_headers(unknown))

    async def _page(
        self,
        request: Request,
        session_id: str,
        *,
        error: CheckoutError | None = None,
        confirming: str | None = None,
        email: str = "",
        cancelled: bool = False,
    ) -> Reply:
        session, now = await self._checkout.view(session_id)
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
        return self._renderer.render_checkout(view, status=status, headers=error_headers(error) if error else ())


def _see_other(url: str) -> Reply:
    return Reply(303, headers=[(b"location", url.encode("ascii")), (b"cache-control", b"no-store")])
