"""SQL of accounts, their plans, auto recharge settings and clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from mockserver.domain.clock import Clock
from mockserver.domain.instant import milliseconds
from mockserver.store.sqlite import codec
from mockserver.store.sqlite.rows import LARGEST, Statements
from mockserver.store.summary import AccountSummary

if TYPE_CHECKING:
    from mockserver.domain.recharge import AutoRecharge

COMMON: Final = ""
"""The account id that stands for the common clock."""


class AccountStatements(Statements):
    """See Transaction."""

    async def open_account(self, account: str) -> None:
        if not await self.has_account(account):
            self._execute("INSERT INTO accounts (id) VALUES (?)", (account,))

    async def has_account(self, account: str) -> bool:
        return self._execute("SELECT 1 FROM accounts WHERE id = ?", (account,)).fetchone() is not None

    async def accounts(self, *, only: str | None = None, limit: int, offset: int) -> Sequence[AccountSummary]:
        counted = "(SELECT coalesce(max(number), 0) FROM sessions WHERE account = accounts.id)"
        condition = "" if only is None else "WHERE id = ?3"
        rows = self._execute(
            f"SELECT id, balance, {counted} FROM accounts {condition} ORDER BY seq LIMIT ?1 OFFSET ?2",
            (limit, min(offset, LARGEST), *(() if only is None else (only,))),
        )
        return [AccountSummary(name, int(balance), sessions) for name, balance, sessions in rows]

    async def plan(self, account: str) -> str | None:
        row = self._execute("SELECT plan FROM accounts WHERE id = ?", (account,)).fetchone()
        return row[0] if row else None

    async def put_plan(self, account: str, plan_id: str) -> None:
        self._execute("UPDATE accounts SET plan = ? WHERE id = ?", (plan_id, account))

    async def auto_recharge(self, account: str) -> AutoRecharge:
        from mockserver.domain.recharge import AutoRecharge  # few accounts have it

        row = self._execute("SELECT recharge FROM accounts WHERE id = ?", (account,)).fetchone()
        return codec.decode_auto_recharge(row[0]) if row and row[0] else AutoRecharge()

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        await self.open_account(account)
        self._execute("UPDATE accounts SET recharge = ? WHERE id = ?", (codec.encode_auto_recharge(recharge), account))

    async def clock(self, account: str | None) -> Clock:
        # an account's own clock sorts after the common one
        row = self._execute(
            "SELECT offset_us, frozen_ms FROM clocks WHERE account IN (?, '') ORDER BY account DESC LIMIT 1",
            (account or COMMON,),
        ).fetchone()
        return _clock(*row) if row else Clock()

    async def own_clocks(self) -> Mapping[str, Clock]:
        rows = self._execute("SELECT account, offset_us, frozen_ms FROM clocks WHERE account <> ''")
        return {account: _clock(offset, frozen) for account, offset, frozen in rows}

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        self._execute(
            "INSERT OR REPLACE INTO clocks (account, offset_us, frozen_ms) VALUES (?, ?, ?)",
            (
                account or COMMON,
                clock.offset // timedelta(microseconds=1),
                None if clock.frozen_at is None else milliseconds(clock.frozen_at),
            ),
        )

    async def drop_clock(self, account: str | None) -> None:
        self._execute("DELETE FROM clocks WHERE ?1 IS NULL OR account = ?1", (account,))


def _clock(offset_us: int, frozen_ms: int | None) -> Clock:
    return Clock(timedelta(microseconds=offset_us), codec.decode_instant(frozen_ms))
