"""List, open, find and reset accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from mockserver.billing.events import EventBus
from mockserver.billing.system_clock import TimeSource
from mockserver.domain.errors import NotFound

if TYPE_CHECKING:
    from mockserver.store import Store


class AccountView(NamedTuple):
    """An account for a list. `balance` is in microcredits; `now` is the time on the account's clock."""

    id: str
    balance: int
    sessions: int
    key_hint: str | None
    name: str | None
    last_activity: datetime | None
    now: datetime


class Accounts:
    """The use cases of accounts."""

    def __init__(self, store: Store, real_time: TimeSource, *, bus: EventBus | None = None) -> None:
        self._store = store
        self._real_time = real_time
        self._bus = bus or EventBus()

    async def list(self, *, only: str | None = None, limit: int, offset: int) -> Sequence[AccountView]:
        """The accounts in opening order, or only the one with this id."""
        async with self._store.transaction() as tx:
            real_time = self._real_time()
            return [
                AccountView(*account, now=(await tx.clock(account.id)).now(real_time))
                for account in await tx.accounts(only=only, limit=limit, offset=offset)
            ]

    async def open(self, key: str) -> str:
        """Create the account of a key if it does not exist; its id."""
        account = self._store.key_hints.note(key)
        async with self._store.transaction() as tx:
            await tx.open_account(account)
        return account

    async def rename(self, account: str, name: str | None) -> AccountView:
        """Give an account a name, or take it away."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            await tx.put_name(account, name)
        self._bus.publish_account(account)
        [view] = await self.list(only=account, limit=1, offset=0)
        return view

    async def find(self, account: str) -> None:
        """Raise NotFound if the account does not exist."""
        async with self._store.transaction() as tx:
            if not await tx.has_account(account):
                raise NotFound(f"there is no account {account}; GET /_mock/accounts lists the accounts")

    async def reach_store(self) -> None:
        """Return if the store answers. Raises StoreUnavailable."""
        async with self._store.transaction() as tx:
            await tx.has_account("")

    async def forget(self, account: str | None) -> None:
        """Delete an account and its data; None deletes everything."""
        async with self._store.transaction(exclusive=account is None) as tx:
            await tx.forget(account)
        self._bus.publish_reset(account)
