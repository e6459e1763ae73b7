"""Where an invoice's `pdf_url` leads: whoever has the URL may open it, as with the real ones."""

from __future__ import annotations

from typing import Final

from starlette.types import Receive, Scope, Send

from mockserver.billing import Invoices
from mockserver.domain.errors import CheckoutError, MethodNotAllowed
from mockserver.domain.invoice import Invoice
from mockserver.web.envelope import refusal
from mockserver.web.incoming import ClientGone, Incoming, incoming
from mockserver.web.invoice_pdf import invoice_pdf
from mockserver.web.recorder import Recorder
from mockserver.web.reply import Reply

PDF: Final = "application/pdf"
METHODS: Final = ("GET", "HEAD", "OPTIONS")


class InvoicePages:
    """Answers `/c/invoice/{id}.pdf`, as an ASGI application."""

    def __init__(self, invoices: Invoices, *, recorder: Recorder, body_limit: int) -> None:
        self._invoices = invoices
        self._recorder = recorder
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await incoming(scope, receive, limit=self._body_limit)
        except ClientGone:
            return
        account: str | None = None
        try:
            invoice = await self._invoices.find(scope["path_params"]["id"])
            account = invoice.account
            reply = _answer(request, invoice)
        except CheckoutError as error:
            reply = refusal(error)
        await self._recorder.keep(request, reply, account=account)
        await request.answer(reply, receive, send)


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
