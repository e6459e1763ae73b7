"""SQL of accounts, their plans, auto recharge settings and clocks."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from mockserver.domain.clock import Clock
from mockserver.domain.instant import milliseconds
from mockserver.store import codec
from mockserver.store.key_hints import KeyHints
from mockserver.store.sqlite.rows import LARGEST, Statements
from mockserver.store.summary import AccountSummary

if TYPE_CHECKING:
    from mockserver.domain.recharge import AutoRecharge

_MOST_KNOWN: Final = 10_000
_REAL_TIME: Final = Clock()
COMMON: Final = ""
"""The account id that stands for the common clock."""

_SUMMARY: Final = (
    "id, balance, (SELECT coalesce(max(number), 0) FROM sessions WHERE account = accounts.id), key_hint, name, max("
    "coalesce((SELECT created_ms FROM sessions WHERE account = accounts.id ORDER BY number DESC LIMIT 1), 0),"
    " coalesce((SELECT at_ms FROM entries WHERE account = accounts.id ORDER BY number DESC LIMIT 1), 0))"
)


class AccountStatements(Statements):
    """See Transaction.

    Accounts that exist and clocks are known without a look into the file, which nobody else writes.
    """

    def __init__(self, db: sqlite3.Connection, key_hints: KeyHints) -> None:
        super().__init__(db)
        self._key_hints = key_hints
        self._existing: set[str] = set()
        self._clocks: dict[str, Clock] | None = None

    def forget_known(self) -> None:
        """Forget the accounts and the clocks."""
        self._existing.clear()
        self._clocks = None

    def is_known(self, account: str) -> bool:
        """The account exists; without a look into the file."""
        return account in self._existing

    def known_clock(self, account: str | None) -> Clock | None:
        """The account's own clock, or the common one; None if the file must be asked."""
        clocks = self._clocks
        if not clocks:
            return None if clocks is None else _REAL_TIME
        return clocks.get(account or COMMON) or clocks.get(COMMON) or _REAL_TIME

    async def open_account(self, account: str) -> None:
        if account in self._existing:
            return
        hint = self._key_hints.of(account)
        row = self._execute("SELECT key_hint FROM accounts WHERE id = ?", (account,)).fetchone()
        if row is None:
            self._execute("INSERT INTO accounts (id, key_hint) VALUES (?, ?)", (account, hint))
        elif row[0] is None and hint is not None:
            await self.put_key_hint(account, hint)
        if len(self._existing) >= _MOST_KNOWN:
            self._existing.clear()
        self._existing.add(account)

    async def has_account(self, account: str) -> bool:
        return self._execute("SELECT 1 FROM accounts WHERE id = ?", (account,)).fetchone() is not None

    async def accounts(
        self, *, only: str | None = None, newest_first: bool = False, limit: int, offset: int
    ) -> Sequence[AccountSummary]:
        condition = "" if only is None else "WHERE id = ?3"
        order = "DESC" if newest_first else "ASC"
        rows = self._execute(
            f"SELECT {_SUMMARY} FROM accounts {condition} ORDER BY seq {order} LIMIT ?1 OFFSET ?2",
            (limit, min(offset, LARGEST), *(() if only is None else (only,))),
        )
        return [
            AccountSummary(account, int(balance), sessions, hint, name, codec.decode_instant(last or None))
            for account, balance, sessions, hint, name, last in rows
        ]

    async def put_key_hint(self, account: str, hint: str | None) -> None:
        self._execute("UPDATE accounts SET key_hint = ? WHERE id = ?", (hint, account))

    async def put_name(self, account: str, name: str | None) -> None:
        self._execute("UPDATE accounts SET name = ? WHERE id = ?", (name, account))

    async def plan(self, account: str) -> str | None:
        row = self._execute("SELECT plan FROM accounts WHERE id = ?", (account,)).fetchone()
        return row[0] if row else None

    async def put_plan(self, account: str, plan_id: str) -> None:
        self._execute("UPDATE accounts SET plan = ? WHERE id = ?", (plan_id, account))

    async def email(self, account: str) -> str | None:
        row = self._execute("SELECT email FROM accounts WHERE id = ?", (account,)).fetchone()
        return row[0] if row else None

    async def put_email(self, account: str, email: str) -> None:
        self._execute("UPDATE accounts SET email = ? WHERE id = ?", (email, account))

    async def auto_recharge(self, account: str) -> AutoRecharge:
        from mockserver.domain.recharge import AutoRecharge  # few accounts have it

        row = self._execute("SELECT recharge FROM accounts WHERE id = ?", (account,)).fetchone()
        return codec.decode_auto_recharge(row[0]) if row and row[0] else AutoRecharge()

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        await self.open_account(account)
        self._execute("UPDATE accounts SET recharge = ? WHERE id = ?", (codec.encode_auto_recharge(recharge), account))

    async def clock(self, account: str | None) -> Clock:
        self._known_clocks()
        return self.known_clock(account) or _REAL_TIME

    async def own_clocks(self) -> Mapping[str, Clock]:
        return {account: clock for account, clock in self._known_clocks().items() if account != COMMON}

    def _known_clocks(self) -> dict[str, Clock]:
        if self._clocks is None:
            rows = self._execute("SELECT account, offset_us, frozen_ms FROM clocks")
            self._clocks = {account: _clock(offset, frozen) for account, offset, frozen in rows}
        return self._clocks

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        name = account or COMMON
        offset_us = clock.offset // timedelta(microseconds=1)
        frozen_ms = None if clock.frozen_at is None else milliseconds(clock.frozen_at)
        self._execute(
            "INSERT OR REPLACE INTO clocks (account, offset_us, frozen_ms) VALUES (?, ?, ?)",
            (name, offset_us, frozen_ms),
        )
        # as the file has it
        self._known_clocks()[name] = _clock(offset_us, frozen_ms)

    async def drop_clock(self, account: str | None) -> None:
        self._execute("DELETE FROM clocks WHERE ?1 IS NULL OR account = ?1", (account,))
        self._clocks = None


def _clock(offset_us: int, frozen_ms: int | None) -> Clock:
    return Clock(timedelta(microseconds=offset_us), codec.decode_instant(frozen_ms))
