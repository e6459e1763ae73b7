"""Read and change auto recharge settings. Module credit applies them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.domain.recharge import AutoRecharge
    from mockserver.store import Store


class AutoRecharges:
    """The use cases of auto recharge settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def settings(self, account: str) -> AutoRecharge:
        """The account's settings. A missing account is created."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await tx.auto_recharge(account)

    async def change(self, account: str, body: Mapping[str, Any]) -> AutoRecharge:
        """Apply a request body that the contract has accepted, and return the settings. Missing members stay."""
        async with self._store.transaction() as tx:
            changed = (await tx.auto_recharge(account)).with_changes(body)
            await tx.put_auto_recharge(account, changed)
            return changed
