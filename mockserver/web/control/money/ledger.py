"""`/_mock/ledger`: the entries of an account, with the balance after each."""

from __future__ import annotations

from mockserver.billing import Accounts, Credit
from mockserver.web.control.account_field import read_account
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.ledger_json import ledger_json


class LedgerHandlers:
    """List ledger entries."""

    def __init__(self, credit: Credit, accounts: Accounts) -> None:
        self._credit = credit
        self._accounts = accounts
        self.methods = {"GET": Method(self.list, query=frozenset({"key", "limit", "offset", "step"}))}

    async def list(self, request: ControlRequest) -> Reply:
        """List the ledger entries of one account, newest first."""
        query = request.query
        limit = query.integer("limit", default=50, least=1, most=1000)
        offset = query.integer("offset", default=0, least=0)
        step = query.integer("step", default=1, least=1)
        query.required("key")
        account = await read_account(query, self._accounts) or ""
        page = await self._credit.ledger(account, limit=limit, offset=offset, step=step)
        return Reply.json(ledger_json(account, page))
