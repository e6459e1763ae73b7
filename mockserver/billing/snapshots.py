"""Snapshots: the state of one account or of all, to be taken and put back.

Rule 1: a snapshot is taken in one transaction, and put back in one: all of it, or nothing.
Rule 2: time belongs to the state. An account that is put back has a clock of its own, which goes on from the time that
        it showed; so what was due in an hour is due in an hour.
Rule 3: the state of one account may be put into another one. Ids are new then, since both accounts may have them. The
        name and the hint of a key stay with their account.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from mockserver.billing.checkout import expire_all_due
from mockserver.billing.entropy import RandomBytes, SeededBytes
from mockserver.billing.events import EventBus
from mockserver.billing.faults import Faults
from mockserver.billing.system_clock import TimeSource
from mockserver.domain import invoice, planned_fault, session
from mockserver.domain.clock import Clock
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.instant import to_millisecond

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.ledger import CreditEntry
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge
    from mockserver.domain.session import CheckoutSession
    from mockserver.store import Store, Transaction

_PAGE: Final = 500
_Row = TypeVar("_Row")


class ClockState(NamedTuple):
    """The time on a clock when the snapshot was taken, and True if it stands still."""

    now: datetime
    frozen: bool


class SavedAccount(NamedTuple):
    """All that an account has. Sessions, entries and invoices are in the order in which they were added."""

    id: str
    key_hint: str | None
    name: str | None
    clock: ClockState
    plan: str | None
    email: str | None
    recharge: AutoRecharge
    sessions: Sequence[CheckoutSession]
    entries: Sequence[CreditEntry]
    invoices: Sequence[Invoice]


class MockState(NamedTuple):
    """The state of accounts, and the planned faults of these accounts. With the common clock, it is that of a mock."""

    clock: ClockState | None
    accounts: Sequence[SavedAccount]
    faults: Sequence[PlannedFault]


class Snapshots:
    """Take and put back snapshots."""

    def __init__(
        self,
        store: Store,
        real_time: TimeSource,
        faults: Faults,
        *,
        bus: EventBus | None = None,
        random_bytes: RandomBytes = os.urandom,
    ) -> None:
        self._store = store
        self._faults = faults
        self._real_time = real_time
        self._bus = bus or EventBus()
        self._random_bytes = random_bytes

    async def take(self, account: str | None) -> MockState:
        """The state of an account, or of the whole mock (None)."""
        async with self._store.transaction(exclusive=account is None) as tx:
            real_time = self._real_time()
            if account is None:
                await expire_all_due(tx, real_time)
            else:
                await tx.expire_due(account, (await tx.clock(account)).now(real_time))
            names = [account] if account else [name async for name in _names(tx)]
            return MockState(
                clock=_clock_state(await tx.clock(None), real_time) if account is None else None,
                accounts=[await _account_state(tx, name, real_time) for name in names],
                faults=[fault for fault in await tx.faults() if account in (None, fault.match.account)],
            )

    async def put_back(self, state: MockState, account: str | None) -> None:
        """Replace an account, or everything (None), by a state. For an account, the state must be of one account.

        Raises InvalidRequest if another account has one of its ids.
        """
        if isinstance(self._random_bytes, SeededBytes):
            self._random_bytes.stir(" ".join(each.id for given in state.accounts for each in given.sessions))
        is_moved = account is not None and state.accounts[0].id != account
        if account is not None and is_moved:
            state = self._moved(state, account)
        async with self._store.transaction(exclusive=account is None) as tx:
            real_time = self._real_time()
            if is_moved:
                state = await _with_own_names(tx, state)
            await tx.forget(account)
            if account is not None:
                await _require_new(tx, state)
            if state.clock is not None and account is None:
                await tx.put_clock(None, _clock(state.clock, real_time))
            for each in state.accounts:
                await _put_account(tx, each, real_time)
            for fault in state.faults:
                await tx.add_fault(fault)
        self._bus.publish_reset(account)
        if state.faults:
            await self._faults.announce()

    def _moved(self, state: MockState, account: str) -> MockState:
        """The state of one account as that of another one."""
        [given] = state.accounts
        names = {each.id: session.session_id(self._random_bytes(session.ID_LENGTH)) for each in given.sessions}
        moved = given._replace(
            id=account,
            sessions=[each._replace(id=names[each.id], account=account) for each in given.sessions],
            entries=[
                each._replace(account=account, session=names.get(each.session or "", each.session))
                for each in given.entries
            ],
            invoices=[
                each._replace(
                    id=invoice.invoice_id(self._random_bytes(invoice.ID_LENGTH)),
                    account=account,
                    session=names.get(each.session or "", each.session),
                )
                for each in given.invoices
            ],
        )
        faults = [
            each._replace(
                id=planned_fault.fault_id(self._random_bytes(planned_fault.ID_LENGTH)),
                match=each.match._replace(account=account),
            )
            for each in state.faults
        ]
        return MockState(None, [moved], faults)


async def _with_own_names(tx: Transaction, state: MockState) -> MockState:
    """The state, with the name and the hint that its account has already."""
    [given] = state.accounts
    found = await tx.accounts(only=given.id, limit=1, offset=0)
    hint, name = (found[0].key_hint, found[0].name) if found else (None, None)
    return state._replace(accounts=[given._replace(key_hint=hint, name=name)])


async def _require_new(tx: Transaction, state: MockState) -> None:
    """Raise InvalidRequest if the store has a session, an invoice or a fault of the state."""
    faults = {each.id for each in await tx.faults()}
    taken = next((each.id for each in state.faults if each.id in faults), None)
    for given in state.accounts:
        taken = taken or await tx.first_taken(
            [each.id for each in given.sessions], [each.id for each in given.invoices]
        )
    if taken:
        raise InvalidRequest(f"the state has {taken}, which another account has already")


async def _names(tx: Transaction) -> AsyncIterator[str]:
    offset = 0
    while page := await tx.accounts(limit=_PAGE, offset=offset):
        for each in page:
            yield each.id
        offset += len(page)


async def _account_state(tx: Transaction, account: str, real_time: datetime) -> SavedAccount:
    async def sessions(limit: int, offset: int) -> Sequence[CheckoutSession]:
        return await tx.sessions(account=account, limit=limit, offset=offset)

    async def invoices(limit: int, offset: int) -> Sequence[Invoice]:
        return await tx.invoices(account, limit=limit, offset=offset)

    [summary] = await tx.accounts(only=account, limit=1, offset=0)
    return SavedAccount(
        id=account,
        key_hint=summary.key_hint,
        name=summary.name,
        clock=_clock_state(await tx.clock(account), real_time),
        plan=await tx.plan(account),
        email=await tx.email(account),
        recharge=await tx.auto_recharge(account),
        sessions=await _oldest_first(sessions),
        entries=await tx.entries(account),
        invoices=await _oldest_first(invoices),
    )


async def _oldest_first(pages: Callable[[int, int], Awaitable[Sequence[_Row]]]) -> Sequence[_Row]:
    rows: list[_Row] = []
    while page := await pages(_PAGE, len(rows)):
        rows.extend(page)
    return rows[::-1]


async def _put_account(tx: Transaction, state: SavedAccount, real_time: datetime) -> None:
    await tx.open_account(state.id)
    if state.key_hint is not None:
        await tx.put_key_hint(state.id, state.key_hint)
    if state.name is not None:
        await tx.put_name(state.id, state.name)
    await tx.put_clock(state.id, _clock(state.clock, real_time))
    if state.plan is not None:
        await tx.put_plan(state.id, state.plan)
    if state.email is not None:
        await tx.put_email(state.id, state.email)
    if state.recharge != type(state.recharge)():
        await tx.put_auto_recharge(state.id, state.recharge)
    await tx.add_rows(state.id, state.sessions, state.entries, state.invoices)


def _clock_state(clock: Clock, real_time: datetime) -> ClockState:
    return ClockState(clock.now(real_time), clock.frozen_at is not None)


def _clock(state: ClockState, real_time: datetime) -> Clock:
    offset = state.now - to_millisecond(real_time)
    return Clock(offset, state.now if state.frozen else None)
