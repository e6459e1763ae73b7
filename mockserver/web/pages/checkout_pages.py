"""The hosted checkout page: shows a session, and pays or cancels it by plain forms.

Rule 1: only the mock's own page can pay: its form has a CSRF token that is bound to the session.
Rule 2: the page is not cached, not framed, and sends no referrer to other sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from mockserver.asgi import Receive, Scope, Send
from mockserver.billing import Checkout, committed
from mockserver.domain.card import Card
from mockserver.domain.errors import (
    AuthenticationRequired,
    CardDeclined,
    CheckoutError,
    ForbiddenOrigin,
    MethodNotAllowed,
    OutcomeUnknown,
    PayloadTooLarge,
    SessionCompleted,
    SessionNotFound,
    StoreUnavailable,
    UnsupportedMediaType,
)
from mockserver.domain.payment.card_table import CardLine, card_line
from mockserver.domain.session import CheckoutSession, Status
from mockserver.web.exchange.fault_injector import FaultInjector
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.address import Address
from mockserver.web.http.media_types import is_media_type
from mockserver.web.http.methods import options_reply
from mockserver.web.http.paths import INVOICE
from mockserver.web.http.refusal import error_headers, status_of
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import ClientDisconnected, Request, read_request
from mockserver.web.http.tokens import is_same_token, page_token
from mockserver.web.pages.checkout_form import CheckoutForm, redact_cards, redact_page
from mockserver.web.pages.checkout_view import CheckoutView, account_label, valid_expiry
from mockserver.web.pages.merchant import Merchant
from mockserver.web.pages.page_renderer import PageRenderer
from mockserver.web.pages.typed_fields import TypedFields
from mockserver.web.shapes.redirects import cancel_redirect, success_redirect

TURNED_BACK: Final = "You turned back and nothing was paid. The session stays open."
NOT_CONFIRMED: Final = "You left your bank's check and nothing was paid. Try again, or use another card."
PAID_ALREADY: Final = "This session was paid already, as shown below. Your second attempt was not charged."
FORM: Final = ("application/x-www-form-urlencoded",)
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
_FIELDS: Final = {"incorrect_number": "card", "expired_card": "expiry", "incorrect_cvc": "cvc"}
"""The fields of declines that are about one."""
_STORE_LOST: Final = (StoreUnavailable, OutcomeUnknown)
"""Errors that say whether anything has changed. The page must not ask the store again, and answer otherwise."""


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
        merchant_name: str | None = None,
    ) -> None:
        self._checkout = checkout
        self._merchant_name = merchant_name
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
        body, page = redact_cards(request.body or b""), redact_page(reply.content)
        await self._recorder.record(request, reply, account=account, planned_fault=fault, body=body, response_body=page)
        await request.send_reply(reply, receive, send)

    async def _account(self, session_id: str) -> str | None:
        try:
            session, _ = await self._checkout.view(session_id)
        except SessionNotFound:
            return None
        return session.account

    async def _answer(self, request: Request, session_id: str) -> Reply:
        try:
            session, now = await self._checkout.view(session_id)
            return await self._answer_session(request, session, now)
        except CheckoutError as error:
            return await self._refusal_page(request, session_id, error)

    async def _answer_session(self, request: Request, session: CheckoutSession, now: datetime) -> Reply:
        if request.method in ("GET", "HEAD"):
            return await self._show(request, session)
        if request.method == "OPTIONS":
            return options_reply(METHODS)
        if request.method != "POST":
            raise MethodNotAllowed(request.method, METHODS)
        return await self._submit(request, session, now)

    async def _show(self, request: Request, session: CheckoutSession) -> Reply:
        """The page as it is opened. A test card of the query is filled in; nothing is paid."""
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        notice = TURNED_BACK if "cancelled" in query and session.status is Status.PENDING else None
        line = card_line(query.get("card", ""))
        return await self._page(request, session.id, filled_with=line, notice=notice, leads_on="paid" in query)

    async def _submit(self, request: Request, session: CheckoutSession, now: datetime) -> Reply:
        if request.body is None:
            raise PayloadTooLarge(f"the form is larger than the limit of {self._body_limit} bytes")
        if not is_media_type(request.header(b"content-type"), FORM):
            raise UnsupportedMediaType(f"the form's Content-Type is not {FORM[0]}")
        form = CheckoutForm.of(request.body)
        if not is_same_token(form.csrf, page_token(self._secret, session.id)):
            raise ForbiddenOrigin("This page is out of date, and nothing was paid with it. Try again.")
        if form.action == "cancel":
            cancelled = await self._checkout.cancel(session.id)
            return _see_other(cancel_redirect(cancelled) or f"{request.path}?cancelled")
        if form.action == "return":
            return await self._page(request, session.id, typed=form.typed, notice=NOT_CONFIRMED)
        if form.fill:
            return await self._page(request, session.id, typed=form.typed, filled_with=form.fill)
        return await self._pay(request, session, form, now)

    async def _pay(self, request: Request, session: CheckoutSession, form: CheckoutForm, now: datetime) -> Reply:
        typed = form.typed
        if form.pay_with:
            typed = typed.filled(form.pay_with, expiry=valid_expiry(now))
        if session.status is Status.PENDING and (mistakes := typed.mistakes(form.sent, now)):
            return await self._page(request, session.id, status=400, typed=typed, mistakes=mistakes)
        try:
            card = Card.of(typed.number, expiry=typed.expiry, cvc=typed.cvc)
            paid = await self._checkout.pay(session.id, card, authenticated=form.authenticated, buyer=typed.buyer)
        except _STORE_LOST:
            raise
        except CheckoutError as error:
            with committed("the attempt is decided"):
                notice = PAID_ALREADY if isinstance(error, SessionCompleted) else None
                return await self._page(request, session.id, error=error, typed=typed, notice=notice)
        onward = success_redirect(paid)
        # with its script, the page shows a check mark before it leads on
        return _see_other(f"{request.path}?paid" if form.has_script else onward or request.path)

    async def _refusal_page(self, request: Request, session_id: str, error: CheckoutError) -> Reply:
        if isinstance(error, _STORE_LOST):
            return self._problem_page(request, error)
        try:
            return await self._page(request, session_id, error=error)
        except CheckoutError as unknown:
            return self._problem_page(request, unknown)

    def _problem_page(self, request: Request, error: CheckoutError) -> Reply:
        base = self._address.base(request.scope)
        return self._renderer.render_problem(error, base=base, status=status_of(error), headers=error_headers(error))

    async def _page(
        self,
        request: Request,
        session_id: str,
        *,
        error: CheckoutError | None = None,
        status: int | None = None,
        typed: TypedFields | None = None,
        filled_with: CardLine | None = None,
        mistakes: Mapping[str, str] | None = None,
        notice: str | None = None,
        leads_on: bool = False,
    ) -> Reply:
        session, now, account, email, invoice = await self._checkout.visit(session_id)
        typed = typed or TypedFields.of_buyer(session.buyer, email)
        if filled_with:
            typed = typed.filled(filled_with, expiry=valid_expiry(now))
        is_confirming = isinstance(error, AuthenticationRequired)
        mistakes = mistakes or field_of_decline(error)
        view = CheckoutView(
            session=session,
            now=now,
            csrf=page_token(self._secret, session.id),
            base=self._address.base(request.scope),
            merchant=Merchant.of(session.order, setting=self._merchant_name),
            typed=typed,
            mistakes=mistakes,
            error=error.message if error and not mistakes and not is_confirming else None,
            notice=notice,
            is_confirming=is_confirming,
            is_filled=filled_with is not None,
            onward=success_redirect(session),
            leads_on=leads_on,
            account=account_label(account),
            invoice=None if invoice is None else INVOICE.format(id=invoice.id),
        )
        headers = error_headers(error) if error else ()
        return self._renderer.render_checkout(view, status=status_of(error) if error else status, headers=headers)


def field_of_decline(error: CheckoutError | None) -> Mapping[str, str]:
    """The field that a decline is about, with its message; empty for other refusals."""
    field = _FIELDS.get(error.decline_code) if isinstance(error, CardDeclined) else None
    return {field: error.message} if error and field else {}


def _see_other(url: str) -> Reply:
    return Reply(303, headers=[(b"location", url.encode("ascii")), (b"cache-control", b"no-store")])
