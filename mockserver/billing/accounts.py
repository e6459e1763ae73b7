"""Accounts: who is there, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from mockserver.billing.events import News
from mockserver.billing.system_clock import Wall
from mockserver.domain.errors import NotFound

if TYPE_CHECKING:
    from mockserver.store import Store


class AccountView(NamedTuple):
    """An account as people see it; `balance` in microcredits, `now` by its clock."""

    id: str
    balance: int
    sessions: int
    now: datetime


class Accounts:
    """Lists, finds and forgets accounts."""

    def __init__(self, store: Store, wall: Wall, *, news: News | None = None) -> None:
        self._store = store
        self._wall = wall
        self._news = news or News()

    async def list(self, *, only: str | None = None, limit: int, offset: int) -> Sequence[AccountView]:
        """The accounts in the order they were opened, or one of them."""
        async with self._store.transaction() as tx:
            wall = self._wall()
            return [
                AccountView(found.id, found.balance, found.sessions, (await tx.clock(found.id)).now(wall))
                for found in await tx.accounts(only=only, limit=limit, offset=offset)
            ]

    async def open(self, account: str) -> None:
        """Make the account, unless it is there."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)

    async def find(self, account: str) -> None:
        """Make sure that the account is there; raises NotFound."""
        async with self._store.transaction() as tx:
            if not await tx.has_account(account):
                raise NotFound(f"there is no account {account}; GET /_mock/accounts lists them")

    async def forget(self, account: str | None) -> None:
        """Forget an account and all that belongs to it; for None, everything."""
        async with self._store.transaction() as tx:
            await tx.forget(account)
        self._news.forgotten(account)
