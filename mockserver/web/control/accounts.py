"""`/_mock/accounts`, `/_mock/credits`, `/_mock/usage` and `/_mock/reset`: accounts and their credits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from mockserver.billing import Accounts, Credit, committed
from mockserver.domain.money import as_units, parse_microcredits, parse_microunits
from mockserver.journal import JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.names import read_name
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.account_json import account_json
from mockserver.web.shapes.usage_json import usage_json

if TYPE_CHECKING:
    from mockserver.domain.usage.usage import Usage

DEFAULT_CATEGORY: Final = "other"
_LONGEST_CATEGORY: Final = 200
_ORDERS: Final = ("oldest", "newest")
_USAGE_FIELDS: Final = frozenset({"key", "credits", "category", "resource", "units"})


class AccountsHandlers:
    """List and name accounts, give and consume credits, and reset."""

    def __init__(self, accounts: Accounts, credit: Credit, journal: JournalReader) -> None:
        self._accounts = accounts
        self._credit = credit
        self._journal = journal
        self.list_methods = {
            "GET": Method(self.list, query=frozenset({"key", "search", "order", "limit", "offset"})),
            "POST": Method(self.rename, body=frozenset({"key", "name"})),
        }
        self.credits_methods = {"POST": Method(self.give, body=frozenset({"key", "credits"}))}
        self.usage_methods = {
            "GET": Method(self.usage, query=frozenset({"key"})),
            "POST": Method(self.consume, body=_USAGE_FIELDS),
        }
        self.reset_methods = {"POST": Method(self.reset, body=frozenset({"key"}))}

    async def list(self, request: ControlRequest) -> Reply:
        """List the accounts in the order of their creation or the newest first, or one of them."""
        limit = request.query.integer("limit", default=50, least=1, most=1000)
        offset = request.query.integer("offset", default=0, least=0)
        search = request.query.text("search") or ""
        newest_first = _is_newest_first(request.query)
        account = await read_account(request.query, self._accounts)
        found = await self._accounts.list(
            only=account, search=search, newest_first=newest_first, limit=limit, offset=offset
        )
        return Reply.json({"accounts": [account_json(each) for each in found]})

    async def rename(self, request: ControlRequest) -> Reply:
        """Give an account a name, or take it away with null."""
        request.body.required("key")
        if not request.body.has("name"):
            request.body.required("name")
        name = None if request.body.get("name") is None else read_name(request.body)
        account = await read_account(request.body, self._accounts) or ""
        return Reply.json({"account": account_json(await self._accounts.rename(account, name))})

    async def give(self, request: ControlRequest) -> Reply:
        """Give an account credits."""
        request.body.required("key")
        microcredits = parse_microcredits(request.body.required("credits"))
        account = await read_account(request.body, self._accounts) or ""
        usage = await self._credit.give(account, microcredits)
        return Reply.json({"usage": usage_json(account, usage)})

    async def usage(self, request: ControlRequest) -> Reply:
        """Show an account's credits, and the units of resources that it consumed."""
        request.query.required("key")
        account = await read_account(request.query, self._accounts) or ""
        return _usage_reply(account, await self._credit.usage(account))

    async def consume(self, request: ControlRequest) -> Reply:
        """Consume an account's credits or units of a resource, as the use of VideoDB does."""
        body = request.body
        body.required("key")
        consume = self._units_of(body) if "resource" in body or "units" in body else self._credits_of(body)
        account = await read_account(body, self._accounts) or ""
        return _usage_reply(account, await consume(account))

    async def reset(self, request: ControlRequest) -> Reply:
        """Delete the data of one account, or of all."""
        account = await read_account(request.body, self._accounts)
        await self._accounts.forget(account)
        with committed("the data is deleted"):
            await self._journal.forget(account)
        return Reply.json({"reset": account or "everything"})

    def _credits_of(self, body: Fields) -> Callable[[str], Awaitable[Usage]]:
        microcredits = parse_microcredits(body.required("credits"))
        return partial(self._credit.consume, microcredits=microcredits, category=_category(body))

    def _units_of(self, body: Fields) -> Callable[[str], Awaitable[Usage]]:
        for name in ("credits", "category"):
            if name in body:
                message = f"{name} excludes resource and units; give either credits or units of a resource"
                raise body.error(name, message, code="excluded")
        resource = body.text("resource") or body.required("resource")
        microunits = parse_microunits(body.required("units"))
        microcredits = self._credit.price_of(resource, microunits)
        return partial(self._credit.consume, microcredits=microcredits, category=resource, microunits=microunits)


def _usage_reply(account: str, usage: Usage) -> Reply:
    units = {resource: as_units(count) for resource, count in usage.units.items()}
    return Reply.json({"usage": usage_json(account, usage), "units": units})


def _is_newest_first(query: Fields) -> bool:
    order = query.text("order") or _ORDERS[0]
    if order not in _ORDERS:
        raise query.error("order", f"order is {order[:60]!r}; one of {', '.join(_ORDERS)} is needed", code="enum")
    return order == "newest"


def _category(body: Fields) -> str:
    category = body.text("category")
    if category is None:
        return DEFAULT_CATEGORY
    if not 0 < len(category) <= _LONGEST_CATEGORY:
        message = f"category has {len(category)} characters; 1 to {_LONGEST_CATEGORY} are needed"
        raise body.error("category", message, code="length")
    return category
