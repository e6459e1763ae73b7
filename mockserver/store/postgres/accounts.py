"""SQL of accounts, their plans, auto recharge settings and clocks.

The first look at an account locks and reads its row and its clock; later ones of the transaction need no round trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mockserver.domain.clock import Clock
from mockserver.store import codec
from mockserver.store.key_hints import KeyHints
from mockserver.store.postgres.clocks.known import COUNT_CHANGE
from mockserver.store.postgres.clocks.row import COMMON, decode_clock, encode_clock
from mockserver.store.postgres.connection.link import Statement
from mockserver.store.postgres.round_trips import RoundTrips
from mockserver.store.postgres.text import escape, escape_optional, unescape, unescape_optional
from mockserver.store.summary import AccountSummary

if TYPE_CHECKING:
    from mockserver.domain.recharge import AutoRecharge

LARGEST: Final = 2**63 - 1
"""The largest integer of a column."""
ACCOUNT: Final = (
    "accounts.id IS NOT NULL, accounts.balance, accounts.plan, accounts.recharge, accounts.key_hint, accounts.email,"
    " own.offset_us, own.frozen_ms, common.offset_us, common.frozen_ms"
)
CLOCKS: Final = (
    f" LEFT JOIN clocks AS own ON own.account = named.account LEFT JOIN clocks AS common ON common.account = '{COMMON}'"
)
"""The clocks that concern a row of `named`."""
_LOAD: Final = (
    f"SELECT {ACCOUNT} FROM (SELECT $1::text AS account) AS named"
    f" LEFT JOIN accounts ON accounts.id = named.account{CLOCKS}"
)
_LIST: Final = (
    "SELECT named.account, balance, sessions, key_hint, name, greatest("
    "(SELECT created_ms FROM sessions WHERE account = named.account ORDER BY number DESC LIMIT 1),"
    " (SELECT at_ms FROM entries WHERE account = named.account ORDER BY number DESC LIMIT 1)),"
    " own.offset_us, own.frozen_ms, common.offset_us, common.frozen_ms"
    " FROM (SELECT id AS account, balance, sessions, key_hint, name, seq FROM accounts %(condition)s"
    f" ORDER BY seq %(order)s LIMIT $1 OFFSET $2) AS named{CLOCKS} ORDER BY named.seq %(order)s"
)
_PUT_CLOCK: Final = (
    "INSERT INTO clocks VALUES ($1, $2, $3) ON CONFLICT (account)"
    " DO UPDATE SET offset_us = excluded.offset_us, frozen_ms = excluded.frozen_ms"
)
_REAL_TIME: Final = Clock()


@dataclass(slots=True)
class AccountState:
    """The row of an account in this transaction."""

    exists: bool = False
    balance: int = 0
    plan: str | None = None
    recharge: str | None = None
    key_hint: str | None = None
    email: str | None = None


class AccountQueries(RoundTrips):
    """See Transaction."""

    _key_hints: KeyHints
    _states: dict[str, AccountState]
    _own: dict[str, Clock | None]
    """The own clocks of accounts; None for an account that follows the common clock."""
    _common: Clock | None
    """The common clock, once it is read."""

    def forget_read(self) -> None:
        """Read accounts and clocks anew."""
        self._states = {}
        self._own = {}
        self._common = None

    async def open_account(self, account: str) -> None:
        state = await self._account(account)
        hint = escape_optional(self._key_hints.of(account))
        if not state.exists:
            self._later(
                "INSERT INTO accounts (id, key_hint) VALUES ($1, $2) ON CONFLICT DO NOTHING", escape(account), hint
            )
            state.exists, state.key_hint = True, hint
        elif state.key_hint is None and hint is not None:
            await self.put_key_hint(account, unescape(hint))

    async def has_account(self, account: str) -> bool:
        return (await self._account(account)).exists

    async def accounts(
        self, *, only: str | None = None, newest_first: bool = False, limit: int, offset: int
    ) -> Sequence[AccountSummary]:
        condition, names = ("", ()) if only is None else ("WHERE id = $3", (escape(only),))
        sql = _LIST % {"condition": condition, "order": "DESC" if newest_first else "ASC"}
        [rows] = await self._fetch((sql, (limit, min(offset, LARGEST), *names)))
        summaries = []
        for text, balance, sessions, hint, name, last, *clocks in rows:
            account = unescape(text)
            self._know_clocks(account, *clocks)
            own_names = unescape_optional(hint), unescape_optional(name)
            summaries.append(AccountSummary(account, int(balance), sessions, *own_names, codec.decode_instant(last)))
        return summaries

    async def put_key_hint(self, account: str, hint: str | None) -> None:
        text = escape_optional(hint)
        (await self._account(account)).key_hint = text
        self._later("UPDATE accounts SET key_hint = $1 WHERE id = $2", text, escape(account))

    async def put_name(self, account: str, name: str | None) -> None:
        await self._account(account)
        self._later("UPDATE accounts SET name = $1 WHERE id = $2", escape_optional(name), escape(account))

    async def plan(self, account: str) -> str | None:
        return (await self._account(account)).plan

    async def put_plan(self, account: str, plan_id: str) -> None:
        (await self._account(account)).plan = plan_id
        self._later("UPDATE accounts SET plan = $1 WHERE id = $2", escape(plan_id), escape(account))

    async def email(self, account: str) -> str | None:
        return (await self._account(account)).email

    async def put_email(self, account: str, email: str) -> None:
        (await self._account(account)).email = email
        self._later("UPDATE accounts SET email = $1 WHERE id = $2", escape(email), escape(account))

    async def auto_recharge(self, account: str) -> AutoRecharge:
        from mockserver.domain.recharge import AutoRecharge  # few accounts have it

        recharge = (await self._account(account)).recharge
        return codec.decode_auto_recharge(recharge) if recharge else AutoRecharge()

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        await self.open_account(account)
        text = codec.encode_auto_recharge(recharge)
        (await self._account(account)).recharge = text
        self._later("UPDATE accounts SET recharge = $1 WHERE id = $2", text, escape(account))

    async def clock(self, account: str | None) -> Clock:
        if account is not None and account not in self._own:
            await self._account(account)
        own = None if account is None else self._own[account]
        return own or await self._common_clock()

    async def own_clocks(self) -> Mapping[str, Clock]:
        [rows] = await self._fetch(("SELECT account, offset_us, frozen_ms FROM clocks", ()))
        clocks = {unescape(name): decode_clock(offset, frozen) for name, offset, frozen in rows}
        self._common = clocks.pop(COMMON, None) or _REAL_TIME
        return {name: clock for name, clock in clocks.items() if clock is not None}

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        columns = encode_clock(clock)
        stored = decode_clock(*columns)  # as a later transaction reads it
        if account is None:
            self._lock_everything()
            self._common = stored
        else:
            await self._account(account)
            self._own[account] = stored
        self._waiting.append(COUNT_CHANGE)
        self._later(_PUT_CLOCK, escape(account or COMMON), *columns)

    async def drop_clock(self, account: str | None) -> None:
        self._waiting.append(COUNT_CHANGE)
        if account is None:
            self._lock_everything()
            self._later("DELETE FROM clocks")
            self.forget_read()
        else:
            await self._account(account)
            self._own[account] = None
            self._later("DELETE FROM clocks WHERE account = $1", escape(account))

    async def _account(self, account: str) -> AccountState:
        """The state of an account, locked and read at the first call."""
        if account not in self._states:
            name = escape(account)
            *_, [row] = await self._fetch(*self._account_lock(name), (_LOAD, (name,)))
            self._know_account(account, *row)
        return self._states[account]

    def _account_lock(self, name: str) -> Sequence[Statement]:
        # with the lock of everything, nobody else works on an account
        return () if self._is_exclusive else (self._keys.lock_account(name),)

    def _lock_everything(self) -> None:
        """Lock everything late, in a transaction that did not begin so. Two of those may wait for each other."""
        if not self._is_exclusive:
            self._is_exclusive = True
            self._waiting.append(self._keys.lock_everything(exclusive=True))

    def _know_account(
        self,
        account: str,
        exists: bool,
        balance: Decimal | None,
        plan: str | None,
        recharge: str | None,
        hint: str | None,
        email: str | None,
        *clocks: int | None,
    ) -> None:
        texts = unescape_optional(plan), recharge, hint, unescape_optional(email)
        self._states[account] = AccountState(exists, int(balance or 0), *texts)
        self._know_clocks(account, *clocks)

    def _know_clocks(
        self,
        account: str,
        offset: int | None,
        frozen: int | None,
        common_offset: int | None,
        common_frozen: int | None,
    ) -> None:
        self._own[account] = decode_clock(offset, frozen)
        self._common = decode_clock(common_offset, common_frozen) or _REAL_TIME

    async def _common_clock(self) -> Clock:
        if self._common is None:
            [rows] = await self._fetch((f"SELECT offset_us, frozen_ms FROM clocks WHERE account = '{COMMON}'", ()))
            self._common = (decode_clock(*rows[0]) if rows else None) or _REAL_TIME
        return self._common
