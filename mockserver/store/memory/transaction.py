"""Transactions of the store in memory.

Each change is applied at once, and its inverse is recorded. If a transaction raises, the inverses are applied.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from mockserver.domain.clock import Clock
from mockserver.domain.errors import SessionNotFound
from mockserver.domain.instant import milliseconds
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store.errors import no_checkpoint
from mockserver.store.memory.ledger import LedgerChanges, newest
from mockserver.store.memory.tables import MemoryAccount, Tables
from mockserver.store.one_by_one import OneByOne
from mockserver.store.summary import AccountSummary, CheckpointSummary

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge

T = TypeVar("T")


class MemoryTransaction(LedgerChanges, OneByOne):
    """See Transaction."""

    async def has_account(self, account: str) -> bool:
        return account in self._tables.accounts

    async def accounts(
        self, *, only: str | None = None, newest_first: bool = False, limit: int, offset: int
    ) -> Sequence[AccountSummary]:
        accounts = self._tables.accounts
        if only is not None:
            accounts = {only: accounts[only]} if only in accounts else {}
        items = accounts.items()
        page = _page(reversed(items) if newest_first else items, limit, offset)
        return [self._summary(name, account) for name, account in page]

    async def put_key_hint(self, account: str, hint: str | None) -> None:
        record = self._tables.accounts[account]
        before, record.key_hint = record.key_hint, hint
        self._undo.append(lambda: setattr(record, "key_hint", before))

    async def put_name(self, account: str, name: str | None) -> None:
        record = self._tables.accounts[account]
        before, record.name = record.name, name
        self._undo.append(lambda: setattr(record, "name", before))

    async def clock(self, account: str | None) -> Clock:
        return self._tables.clock(account)

    async def own_clocks(self) -> Mapping[str, Clock]:
        return {account: clock for account, clock in self._tables.clocks.items() if account is not None}

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        self._restore_clocks_on_undo()
        self._tables.clocks[account] = clock

    async def drop_clock(self, account: str | None) -> None:
        self._restore_clocks_on_undo()
        if account is None:
            self._tables.clocks = {}
        else:
            self._tables.clocks.pop(account, None)

    async def add_session(self, session: CheckoutSession) -> None:
        await self.open_account(session.account)
        self._tables.add_session(session)
        self._undo.append(lambda: self._remove_newest(session))

    async def session(self, session_id: str) -> CheckoutSession:
        try:
            return self._tables.sessions[session_id]
        except KeyError:
            raise SessionNotFound.named(session_id) from None

    async def put_session(self, session: CheckoutSession) -> None:
        sessions = self._tables.sessions
        try:
            before = sessions.replace(session)
        except KeyError:
            raise SessionNotFound.named(session.id) from None
        self._undo.append(lambda: sessions.restore(before))

    async def expire(self, names: Sequence[str]) -> None:
        sessions = self._tables.sessions
        before = sessions.expire(names)
        self._undo.append(lambda: sessions.restore(before))

    async def sessions(
        self,
        *,
        account: str | None,
        status: Status | None = None,
        at: datetime | None = None,
        part: str = "",
        limit: int,
        offset: int,
    ) -> Sequence[CheckoutSession]:
        stored = self._tables.sessions
        if account is not None and status is None and not part:
            record = self._tables.accounts.get(account)
            return [stored[name] for name in newest(record.sessions, limit, offset)] if record else []
        names = self._newest_first(account)
        if part:
            names = (name for name in names if part in name)
        if status is not None:
            status_of = self._statuses(account, at)
            names = (name for name in names if status_of(name) is status)
        return [stored[name] for name in _page(names, limit, offset)]

    async def plan(self, account: str) -> str | None:
        record = self._tables.accounts.get(account)
        return record.plan if record else None

    async def put_plan(self, account: str, plan_id: str) -> None:
        record = self._tables.accounts[account]
        before, record.plan = record.plan, plan_id
        self._undo.append(lambda: setattr(record, "plan", before))

    async def email(self, account: str) -> str | None:
        record = self._tables.accounts.get(account)
        return record.email if record else None

    async def put_email(self, account: str, email: str) -> None:
        record = self._tables.accounts[account]
        before, record.email = record.email, email
        self._undo.append(lambda: setattr(record, "email", before))

    async def auto_recharge(self, account: str) -> AutoRecharge:
        from mockserver.domain.recharge import AutoRecharge  # few accounts have it

        record = self._tables.accounts.get(account)
        return (record.recharge if record else None) or AutoRecharge()

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        await self.open_account(account)
        record = self._tables.accounts[account]
        before, record.recharge = record.recharge, recharge
        self._undo.append(lambda: setattr(record, "recharge", before))

    async def expire_due(self, account: str, now: datetime) -> None:
        sessions = self._tables.sessions
        before = sessions.expire_due(self._newest_first(account), milliseconds(now))
        self._undo.append(lambda: sessions.restore(before))

    async def expire_followers(self, now: datetime) -> None:
        for account in list(self._tables.accounts):
            if account not in self._tables.clocks:
                await self.expire_due(account, now)

    async def add_fault(self, fault: PlannedFault) -> None:
        self._restore_faults_on_undo()
        self._tables.faults[fault.id] = fault

    async def put_fault(self, fault: PlannedFault) -> None:
        if fault.id in self._tables.faults:
            await self.add_fault(fault)

    async def drop_fault(self, fault_id: str) -> None:
        self._restore_faults_on_undo()
        self._tables.faults.pop(fault_id, None)

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        return [fault for fault in self._tables.faults.values() if not (waiting and fault.is_spent)]

    async def put_checkpoint(self, checkpoint: CheckpointSummary, document: str) -> None:
        self._restore_checkpoints_on_undo()
        self._tables.checkpoints[checkpoint.name] = (checkpoint, document)

    async def checkpoints(self) -> Sequence[CheckpointSummary]:
        return sorted(checkpoint for checkpoint, _ in self._tables.checkpoints.values())

    async def checkpoint_document(self, name: str) -> str:
        try:
            return self._tables.checkpoints[name][1]
        except KeyError:
            raise no_checkpoint(name) from None

    async def drop_checkpoint(self, name: str) -> None:
        self._restore_checkpoints_on_undo()
        self._tables.checkpoints.pop(name, None)

    async def forget(self, account: str | None) -> None:
        before = dict(vars(self._tables))
        self._undo.append(lambda: vars(self._tables).update(before))
        if account is None:
            empty = Tables(self._tables.key_hints, self._tables.sessions.emptied())
            empty.checkpoints = self._tables.checkpoints
            vars(self._tables).update(vars(empty))
            return
        tables = self._tables
        deleted = frozenset(self._newest_first(account))
        tables.sessions = tables.sessions.without(deleted)
        tables.accounts = {name: row for name, row in tables.accounts.items() if name != account}
        tables.clocks = {name: row for name, row in tables.clocks.items() if name != account}
        tables.credited = tables.credited - deleted
        tables.invoices = {name: row for name, row in tables.invoices.items() if row.account != account}
        tables.invoiced = {name: bill for name, bill in tables.invoiced.items() if bill in tables.invoices}
        tables.faults = {name: row for name, row in tables.faults.items() if row.match.account != account}

    def _summary(self, name: str, account: MemoryAccount) -> AccountSummary:
        created = [self._tables.sessions[each].created_at for each in account.sessions[-1:]]
        added = [each.at for each in account.entries[-1:]]
        last = max([*created, *added], default=None)
        return AccountSummary(name, account.balance, len(account.sessions), account.key_hint, account.name, last)

    def _remove_newest(self, session: CheckoutSession) -> None:
        self._tables.sessions.remove(session.id)
        self._tables.accounts[session.account].sessions.pop()

    def _statuses(self, account: str | None, at: datetime | None) -> Callable[[str], Status]:
        """A function of a session's id: its status at a real time by its account's clock; None means the stored one."""
        tables, sessions = self._tables, self._tables.sessions
        if at is None:
            return lambda name: sessions.status(name, None)
        if account is not None or not tables.clocks:
            now_ms = milliseconds(tables.clock(account).now(at))
            return lambda name: sessions.status(name, now_ms)
        times = _Times(tables, at)
        return lambda name: sessions.status(name, times[sessions.account(name)])

    def _newest_first(self, account: str | None) -> Iterable[str]:
        if account is None:
            return reversed(self._tables.sessions)
        record = self._tables.accounts.get(account)
        return reversed(record.sessions) if record else ()

    def _restore_faults_on_undo(self) -> None:
        before = dict(self._tables.faults)
        self._undo.append(lambda: setattr(self._tables, "faults", before))

    def _restore_checkpoints_on_undo(self) -> None:
        before = dict(self._tables.checkpoints)
        self._undo.append(lambda: setattr(self._tables, "checkpoints", before))

    def _restore_clocks_on_undo(self) -> None:
        before = dict(self._tables.clocks)
        self._undo.append(lambda: setattr(self._tables, "clocks", before))


class _Times(dict[str, int]):
    """The time on the clock of each account at a real time, in milliseconds, found when it is asked for."""

    def __init__(self, tables: Tables, at: datetime) -> None:
        super().__init__()
        self._tables = tables
        self._at = at

    def __missing__(self, account: str) -> int:
        now = self[account] = milliseconds(self._tables.clock(account).now(self._at))
        return now


def _page(rows: Iterable[T], limit: int, offset: int) -> Iterator[T]:
    return islice(rows, min(offset, sys.maxsize - limit), min(offset + limit, sys.maxsize))
