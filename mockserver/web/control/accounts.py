"""`/_mock/accounts`, `/_mock/credits`, `/_mock/usage` and `/_mock/reset`: accounts and what is on them."""

from __future__ import annotations

from typing import Any, Final

from mockserver.billing import Accounts, Credit
from mockserver.billing.accounts import AccountView
from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_credits, parse_microcredits
from mockserver.journal import Journal
from mockserver.web.control.fields import Fields
from mockserver.web.control.noun import Call, Verb
from mockserver.web.control.who import account_named
from mockserver.web.reply import Reply
from mockserver.web.usage_json import usage_json

DEFAULT_CATEGORY: Final = "other"
_LONGEST_CATEGORY: Final = 200


class AccountsNoun:
    """Lists accounts, gives and takes credits, and forgets."""

    def __init__(self, accounts: Accounts, credit: Credit, journal: Journal) -> None:
        self._accounts = accounts
        self._credit = credit
        self._journal = journal
        self.list_verbs = {"GET": Verb(self.list, query=frozenset({"key", "limit", "offset"}))}
        self.credits_verbs = {"POST": Verb(self.give, body=frozenset({"key", "credits"}))}
        self.usage_verbs = {"POST": Verb(self.consume, body=frozenset({"key", "credits", "category"}))}
        self.reset_verbs = {"POST": Verb(self.reset, body=frozenset({"key"}))}

    async def list(self, call: Call) -> Reply:
        """The accounts in the order they came, or one of them."""
        limit = call.query.integer("limit", default=50, least=1, most=1000)
        offset = call.query.integer("offset", default=0, least=0)
        account = await account_named(call.query, self._accounts)
        found = await self._accounts.list(only=account, limit=limit, offset=offset)
        return Reply.json({"accounts": [account_json(one) for one in found]})

    async def give(self, call: Call) -> Reply:
        """Put a starting balance on an account."""
        call.body.needed("key")
        microcredits = parse_microcredits(call.body.needed("credits"))
        account = await account_named(call.body, self._accounts) or ""
        usage = await self._credit.give(account, microcredits)
        return Reply.json({"usage": usage_json(account, usage)})

    async def consume(self, call: Call) -> Reply:
        """Spend an account's credits, as using VideoDB does."""
        call.body.needed("key")
        microcredits = parse_microcredits(call.body.needed("credits"))
        category = _category(call.body)
        account = await account_named(call.body, self._accounts) or ""
        usage = await self._credit.consume(account, microcredits, category=category)
        return Reply.json({"usage": usage_json(account, usage)})

    async def reset(self, call: Call) -> Reply:
        """Forget one account, or everything."""
        account = await account_named(call.body, self._accounts)
        await self._accounts.forget(account)
        self._journal.forget(account)
        return Reply.json({"reset": account or "everything"})


def account_json(account: AccountView) -> dict[str, Any]:
    """An account as the control API lists it."""
    return {
        "id": account.id,
        "credit_balance": as_credits(account.balance),
        "sessions": account.sessions,
        "now": rfc3339(account.now),
    }


def _category(body: Fields) -> str:
    category = body.text("category")
    if category is None:
        return DEFAULT_CATEGORY
    if not 0 < len(category) <= _LONGEST_CATEGORY:
        message = f"category has {len(category)} characters; 1 to {_LONGEST_CATEGORY} are needed"
        raise body.wrong("category", message, code="length")
    return category
