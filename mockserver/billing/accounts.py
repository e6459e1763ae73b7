"""List, open, find and reset accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.billing.events import EventBus
from mockserver.billing.system_clock import TimeSource
from mockserver.domain.errors import NotFound
from mockserver.domain.identifier import account_of, is_key

if TYPE_CHECKING:
    from mockserver.domain.clock import ClockFace
    from mockserver.store import AccountSummary, Store, Transaction

_PAGE: Final = 500


class AccountView(NamedTuple):
    """An account for a list. `balance` is in microcredits."""

    id: str
    balance: int
    sessions: int
    key_hint: str | None
    name: str | None
    last_activity: datetime | None
    clock: ClockFace


class Accounts:
    """The use cases of accounts."""

    def __init__(self, store: Store, real_time: TimeSource, *, bus: EventBus | None = None) -> None:
        self._store = store
        self._real_time = real_time
        self._bus = bus or EventBus()

    async def list(
        self, *, only: str | None = None, search: str = "", newest_first: bool = False, limit: int, offset: int
    ) -> Sequence[AccountView]:
        """The accounts in opening order, or the newest first: all, the one with this id, or those of a search."""
        async with self._store.transaction() as tx:
            real_time = self._real_time()
            if search:
                found = await _find(tx, search, only=only, newest_first=newest_first, limit=limit, offset=offset)
            else:
                found = await tx.accounts(only=only, newest_first=newest_first, limit=limit, offset=offset)
            return [AccountView(*account, clock=(await tx.clock(account.id)).face(real_time)) for account in found]

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
            [summary] = await tx.accounts(only=account, limit=1, offset=0)
            clock = (await tx.clock(account)).face(self._real_time())
        self._bus.publish_account(account)
        return AccountView(*summary, clock=clock)

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


async def _find(
    tx: Transaction, search: str, *, only: str | None, newest_first: bool, limit: int, offset: int
) -> Sequence[AccountSummary]:
    """The accounts whose id, name or hint contains a text, or the account of a key."""
    text = account_of(search) if is_key(search) else search.casefold()
    found: list[AccountSummary] = []
    read = 0
    while len(found) < offset + limit:
        page = await tx.accounts(only=only, newest_first=newest_first, limit=_PAGE, offset=read)
        if not page:
            break
        read += len(page)
        found += [each for each in page if text in f"{each.id} {each.key_hint} {each.name or ''}".casefold()]
    return found[offset : offset + limit]
