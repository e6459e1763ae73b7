"""Where an invoice's `pdf_url` leads: whoever has the URL may open it, as with the real ones."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.billing import Invoices
from mockserver.domain.errors import CheckoutError, InvoiceNotFound, MethodNotAllowed
from mockserver.domain.invoice import Invoice
from mockserver.web.exchange.fault_injector import Strikes
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import ClientGone, Incoming, incoming
from mockserver.web.pages.invoice_pdf import invoice_pdf

PDF: Final = "application/pdf"
METHODS: Final = ("GET", "HEAD", "OPTIONS")


class InvoicePages:
    """Answers `/c/invoice/{id}.pdf`, as an ASGI application."""

    def __init__(self, invoices: Invoices, *, strikes: Strikes, recorder: Recorder, body_limit: int) -> None:
        self._invoices = invoices
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
        await self._recorder.keep(request, reply, account=owner, planned_fault=fault)
        await request.answer(reply, receive, send)

    async def _owner(self, name: str) -> str | None:
        try:
            return (await self._invoices.find(name)).account
        except InvoiceNotFound:
            return None

    async def _reply(self, request: Incoming, name: str) -> Reply:
        try:
            return _answer(request, await self._invoices.find(name))
        except CheckoutError as error:
            return refusal(error)


def _answer(request: Incoming, invoice: Invoice) -> Reply:
    if request.method == "OPTIONS":
        return Reply(204, headers=[(b"allow", ", ".join(METHODS).encode())])
    if request.method not in METHODS:
        raise MethodNotAllowed(request.method, METHODS)
    headers = [
        (b"content-disposition", f'inline; filename="{invoice.id}.pdf"'.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Reply(200, invoice_pdf(invoice), media_type=PDF, headers=headers)
