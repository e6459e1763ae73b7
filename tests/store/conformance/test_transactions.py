"""Transactions, deletion and the store itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.errors import InvoiceNotFound, SessionNotFound
from mockserver.domain.money import MICRO
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import LIFETIME, SessionEvent, Status
from mockserver.store import AlreadyCredited, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry, an_invoice, an_order
from tests.store.conformance.transactions import in_failed_transaction, in_transaction

HOUR = timedelta(hours=1)


def test_deleted_account_leaves_other_accounts_intact(store: Store) -> None:
    mine, theirs = a_session(), a_session(account=OTHER)

    async def keep(tx: Transaction) -> None:
        for session in (mine, theirs):
            await tx.add_session(session)
            await tx.add_entry(an_entry(account=session.account, session=session.id))
            await tx.put_clock(session.account, Clock(HOUR))
        await tx.forget(ACCOUNT)
        assert not await tx.has_account(ACCOUNT)
        assert (await tx.balance(ACCOUNT), await tx.balance(OTHER)) == (0, 10 * MICRO)
        assert await tx.own_clocks() == {OTHER: Clock(HOUR)}
        assert await tx.session(theirs.id) == theirs
        with pytest.raises(SessionNotFound):
            await tx.session(mine.id)
        with pytest.raises(AlreadyCredited):
            await tx.add_entry(an_entry(account=OTHER, session=theirs.id))

    in_transaction(store, keep)


def test_clock_that_is_read_alone_is_the_one_that_was_stored(store: Store) -> None:
    moved, own = Clock(HOUR), Clock(-HOUR, NOON)

    async def read() -> tuple[Clock, Clock]:
        return await store.clock(ACCOUNT), await store.clock(None)

    async def story() -> None:
        assert await read() == (Clock(), Clock())
        for account, clock, expected in ((None, moved, (moved, moved)), (ACCOUNT, own, (own, moved))):
            async with store.transaction(exclusive=account is None) as tx:
                await tx.put_clock(account, clock)
            assert await read() == expected
        async with store.transaction(exclusive=True) as tx:
            await tx.drop_clock(None)
        assert await read() == (Clock(), Clock())

    asyncio.run(story())


def test_clock_that_is_read_alone_shows_no_change_that_fails(store: Store) -> None:
    async def fail_later(is_changed: asyncio.Event, may_fail: asyncio.Event) -> None:
        async with store.transaction(exclusive=True) as tx:
            await tx.put_clock(None, Clock(HOUR))
            is_changed.set()
            await may_fail.wait()
            raise ArithmeticError

    async def story() -> None:
        await store.clock(ACCOUNT)
        is_changed, may_fail = asyncio.Event(), asyncio.Event()
        failing = asyncio.create_task(fail_later(is_changed, may_fail))
        await is_changed.wait()
        reading = asyncio.create_task(store.clock(ACCOUNT))
        await asyncio.sleep(0)
        may_fail.set()
        assert await reading == Clock()
        with pytest.raises(ArithmeticError):
            await failing

    asyncio.run(story())


def test_full_deletion_leaves_no_data(store: Store) -> None:
    async def keep(tx: Transaction) -> None:
        await tx.add_session(a_session())
        await tx.put_clock(None, Clock(HOUR))
        await tx.forget(None)
        assert list(await tx.accounts(limit=9, offset=0)) == []
        assert list(await tx.sessions(account=None, limit=9, offset=0)) == []
        assert await tx.clock(None) == Clock()

    in_transaction(store, keep)


def test_failed_transaction_leaves_no_change(store: Store) -> None:
    session = a_session()

    async def before(tx: Transaction) -> None:
        await tx.add_session(session)
        await tx.add_entry(an_entry(session=session.id))
        await tx.put_clock(ACCOUNT, Clock(HOUR))
        await tx.put_plan(ACCOUNT, "plan-basic")

    async def spoil(tx: Transaction) -> None:
        fresh = a_session(order=an_order(dollars=7))
        await tx.add_session(fresh)
        await tx.put_session(session.after(SessionEvent.PAY, NOON))
        await tx.put_session(fresh.after(SessionEvent.EXPIRE, NOON))
        await tx.add_entry(an_entry(session=fresh.id))
        await tx.add_entry(an_entry(account=OTHER))
        await tx.put_clock(ACCOUNT, Clock(2 * HOUR))
        await tx.put_clock(None, Clock(3 * HOUR))
        await tx.put_plan(ACCOUNT, "plan-other")
        await tx.expire_due(ACCOUNT, NOON + LIFETIME)
        await tx.drop_clock(ACCOUNT)
        await tx.forget(ACCOUNT)
        await tx.forget(None)
        await tx.add_session(a_session(account=OTHER))

    async def look(tx: Transaction) -> tuple[object, ...]:
        return (
            list(await tx.sessions(account=None, limit=9, offset=0)),
            list(await tx.sessions(account=ACCOUNT, limit=9, offset=0)),
            list(await tx.accounts(limit=9, offset=0)),
            list(await tx.entries(ACCOUNT)),
            await tx.own_clocks(),
            await tx.clock(None),
            await tx.plan(ACCOUNT),
        )

    in_transaction(store, before)
    then = in_transaction(store, look)
    in_failed_transaction(store, spoil)
    assert in_transaction(store, look) == then
    in_transaction(store, lambda tx: tx.expire_due(ACCOUNT, NOON + LIFETIME))
    assert in_transaction(store, lambda tx: tx.session(session.id)).status is Status.EXPIRED, "it was still pending"


def test_transactions_of_one_account_run_one_at_a_time(store: Store) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            order.append("begins")
            await asyncio.sleep(0)
            order.append("ends")

    async def both() -> None:
        await asyncio.gather(one("a"), one("b"))

    asyncio.run(both())
    assert order == ["begins", "ends"] * 2


@pytest.mark.parametrize("is_exclusive", [False, True])
def test_exclusive_transaction_runs_alone(store: Store, is_exclusive: bool) -> None:
    order: list[str] = []

    async def one(account: str | None, exclusive: bool) -> None:
        async with store.transaction(exclusive=exclusive) as tx:
            await tx.clock(account)
            order.append("begins")
            await asyncio.sleep(0)
            order.append("ends")

    async def both() -> None:
        await asyncio.gather(one(ACCOUNT, is_exclusive), one(None, True))

    asyncio.run(both())
    assert order == ["begins", "ends"] * 2


def test_changes_of_one_account_at_one_moment_all_count(store: Store) -> None:
    async def rename(tx: Transaction) -> None:
        plan = await tx.plan(ACCOUNT)
        await tx.put_plan(ACCOUNT, f"{plan or ''}x")
        await tx.add_entry(an_entry())

    async def one() -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            await rename(tx)

    async def all_at_once() -> None:
        await asyncio.gather(*(one() for _ in range(20)))

    asyncio.run(all_at_once())
    assert in_transaction(store, lambda tx: tx.plan(ACCOUNT)) == "x" * 20
    assert in_transaction(store, lambda tx: tx.balance(ACCOUNT)) == 200 * MICRO


def test_store_secret_has_32_bytes(store: Store) -> None:
    assert len(store.secret) == 32


def test_second_close_does_nothing(store: Store) -> None:
    store.close()
    store.close()


def test_failed_transaction_leaves_no_invoice_or_auto_recharge(store: Store) -> None:
    kept = an_invoice(session="cs_1")
    in_transaction(store, lambda tx: tx.add_invoice(kept))
    lost = an_invoice(session="cs_2")

    async def work(tx: Transaction) -> None:
        await tx.add_invoice(lost)
        await tx.put_auto_recharge(ACCOUNT, AutoRecharge(enabled=True))

    in_failed_transaction(store, work)
    assert in_transaction(store, lambda tx: tx.invoices(ACCOUNT, limit=10, offset=0)) == [kept]
    assert in_transaction(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    in_transaction(store, lambda tx: tx.add_invoice(lost))


@pytest.mark.parametrize("forgotten", [ACCOUNT, None])
def test_deletion_includes_invoices_and_auto_recharge(store: Store, forgotten: str | None) -> None:
    mine, theirs = an_invoice(session="cs_1"), an_invoice(account=OTHER)

    async def work(tx: Transaction) -> None:
        for invoice in (mine, theirs):
            await tx.add_invoice(invoice)
            await tx.put_auto_recharge(invoice.account, AutoRecharge(enabled=True))

    async def forget(tx: Transaction) -> None:
        await tx.forget(forgotten)

    in_transaction(store, work)
    in_failed_transaction(store, forget)
    assert in_transaction(store, lambda tx: tx.invoice(mine.id)) == mine
    in_transaction(store, forget)
    with pytest.raises(InvoiceNotFound):
        in_transaction(store, lambda tx: tx.invoice(mine.id))
    assert in_transaction(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    assert in_transaction(store, lambda tx: tx.auto_recharge(OTHER)).enabled is (forgotten is not None)
    assert len(in_transaction(store, lambda tx: tx.invoices(OTHER, limit=10, offset=0))) == (forgotten is not None)
