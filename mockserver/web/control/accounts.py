"""`/_mock/accounts`, `/_mock/credits`, `/_mock/usage` and `/_mock/reset`: accounts and their credits."""

from __future__ import annotations

from typing import Final

from mockserver.billing import Accounts, Credit
from mockserver.domain.money import parse_microcredits
from mockserver.journal import Journal
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.account_json import account_json
from mockserver.web.shapes.usage_json import usage_json

DEFAULT_CATEGORY: Final = "other"
_LONGEST_CATEGORY: Final = 200


class AccountsHandlers:
    """List accounts, give and consume credits, and reset."""

    def __init__(self, accounts: Accounts, credit: Credit, journal: Journal) -> None:
        self._accounts = accounts
        self._credit = credit
        self._journal = journal
        self.list_methods = {"GET": Method(self.list, query=frozenset({"key", "limit", "offset"}))}
        self.credits_methods = {"POST": Method(self.give, body=frozenset({"key", "credits"}))}
        self.usage_methods = {"POST": Method(self.consume, body=frozenset({"key", "credits", "category"}))}
        self.reset_methods = {"POST": Method(self.reset, body=frozenset({"key"}))}

    async def list(self, request: ControlRequest) -> Reply:
        """List the accounts in the order of their creation, or one of them."""
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        offset = request.query.integer("offset", default=0, least=0)
        account = await read_account(request.query, self._accounts)
        found = await self._accounts.list(only=account, limit=limit, offset=offset)
        return Reply.json({"accounts": [account_json(each) for each in found]})

    async def give(self, request: ControlRequest) -> Reply:
        """Give an account credits."""
        request.body.required("key")
        microcredits = parse_microcredits(request.body.required("credits"))
        account = await read_account(request.body, self._accounts) or ""
        usage = await self._credit.give(account, microcredits)
        return Reply.json({"usage": usage_json(account, usage)})

    async def consume(self, request: ControlRequest) -> Reply:
        """Consume an account's credits, as the use of VideoDB does."""
        request.body.required("key")
        microcredits = parse_microcredits(request.body.required("credits"))
        category = _category(request.body)
        account = await read_account(request.body, self._accounts) or ""
        usage = await self._credit.consume(account, microcredits, category=category)
        return Reply.json({"usage": usage_json(account, usage)})

    async def reset(self, request: ControlRequest) -> Reply:
        """Delete the data of one account, or of all."""
        account = await read_account(request.body, self._accounts)
        await self._accounts.forget(account)
        self._journal.forget(account)
        return Reply.json({"reset": account or "everything"})


def _category(body: Fields) -> str:
    category = body.text("category")
    if category is None:
        return DEFAULT_CATEGORY
    if not 0 < len(category) <= _LONGEST_CATEGORY:
        message = f"category has {len(category)} characters; 1 to {_LONGEST_CATEGORY} are needed"
        raise body.error("category", message, code="length")
    return category
