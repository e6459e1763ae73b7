"""`/_mock/invoices`: the invoices of an account."""

from __future__ import annotations

from mockserver.billing import Accounts, Invoices
from mockserver.web.control.account_field import read_account
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.invoice_json import invoice_json


class InvoicesHandlers:
    """List invoices."""

    def __init__(self, invoices: Invoices, accounts: Accounts, address: Address) -> None:
        self._invoices = invoices
        self._accounts = accounts
        self._address = address
        self.methods = {"GET": Method(self.list, query=frozenset({"key", "limit", "offset"}))}

    async def list(self, request: ControlRequest) -> Reply:
        """List the invoices of one account, newest first."""
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        offset = request.query.integer("offset", default=0, least=0)
        request.query.required("key")
        account = await read_account(request.query, self._accounts) or ""
        found = await self._invoices.list(account, limit=limit, offset=offset)
        return Reply.json(
            {
                "invoices": [
                    invoice_json(invoice, pdf_url=self._address.invoice_url(request.scope, invoice.id))
                    for invoice in found
                ]
            }
        )
