"""The PDF of an invoice at its `pdf_url`. The URL is the only credential, as with the real service."""

from __future__ import annotations

from functools import partial
from typing import Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.billing import Invoices
from mockserver.billing.invoices import InvoiceRecord
from mockserver.domain.errors import CheckoutError, InvoiceNotFound, MethodNotAllowed
from mockserver.web.exchange.fault_injector import FaultInjector
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.methods import READ_METHODS, options_reply
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import ClientDisconnected, Request, read_request
from mockserver.web.pages.invoice.invoice_pdf import render_invoice
from mockserver.web.pages.invoice.invoice_view import InvoiceView
from mockserver.web.pages.merchant import Merchant

PDF: Final = "application/pdf"


class InvoicePages:
    """Answer `/c/invoice/{id}.pdf`, as an ASGI application."""

    def __init__(
        self,
        invoices: Invoices,
        *,
        fault_injector: FaultInjector,
        recorder: Recorder,
        body_limit: int,
        merchant_name: str | None = None,
    ) -> None:
        self._invoices = invoices
        self._merchant_name = merchant_name
        self._fault_injector = fault_injector
        self._recorder = recorder
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        invoice_id: str = scope["path_params"]["id"]
        try:
            request = await read_request(scope, receive, limit=self._body_limit)
            account = await self._account(invoice_id)
            answer = partial(self._answer, request, invoice_id)
            reply, fault = await self._fault_injector.inject(request, account, answer)
        except ClientDisconnected:
            return
        await self._recorder.record(request, reply, account=account, planned_fault=fault)
        await request.send_reply(reply, receive, send)

    async def _account(self, invoice_id: str) -> str | None:
        try:
            return (await self._invoices.find(invoice_id)).account
        except InvoiceNotFound:
            return None

    async def _answer(self, request: Request, invoice_id: str) -> Reply:
        try:
            return self._reply(request, await self._invoices.record(invoice_id))
        except CheckoutError as error:
            return refusal(error)

    def _reply(self, request: Request, record: InvoiceRecord) -> Reply:
        if request.method == "OPTIONS":
            return options_reply(READ_METHODS)
        if request.method not in READ_METHODS:
            raise MethodNotAllowed(request.method, READ_METHODS)
        headers = [
            (b"content-disposition", f'inline; filename="{record.invoice.id}.pdf"'.encode("ascii")),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        merchant = Merchant.of(record.session and record.session.order, setting=self._merchant_name)
        return Reply(200, render_invoice(InvoiceView(record, merchant)), media_type=PDF, headers=headers)
