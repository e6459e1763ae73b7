"""Auto recharge, shown and set; credit.py is where it acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.domain.recharge import AutoRecharge
    from mockserver.store import Store


class Recharging:
    """Shows and sets an account's auto recharge."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def settings(self, account: str) -> AutoRecharge:
        """The account's settings; the account is made if need be."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await tx.auto_recharge(account)

    async def change(self, account: str, body: Mapping[str, Any]) -> AutoRecharge:
        """The settings after what a body, which the contract has let through, says; what it leaves out stays."""
        async with self._store.transaction() as tx:
            changed = (await tx.auto_recharge(account)).changed(body)
            await tx.put_auto_recharge(account, changed)
            return changed
