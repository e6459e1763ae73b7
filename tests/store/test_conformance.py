"""What every store promises, asked of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.errors import InvoiceNotFound, SessionNotFound
from mockserver.domain.ledger import EntryKind
from mockserver.domain.money import MICRO
from mockserver.domain.order import Mode, Order
from mockserver.domain.planned_fault import FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import LIFETIME, Attempt, SessionEvent, Status
from mockserver.store import AccountSummary, AlreadyCredited, AlreadyInvoiced, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry, an_invoice, an_order

T = TypeVar("T")
HOUR = timedelta(hours=1)
FAULTS = (
    PlannedFault("fault_1", Match(), FaultKind.TRUNCATE),
    PlannedFault(
        "fault_2",
        Match("GET", "/billing/*", ACCOUNT),
        FixedAnswer(503, (("Retry-After", "2"), ("X-Ü", "ü")), b'{"\xff'),
        timedelta(milliseconds=1_500),
        None,
        0.25,
        -7,
        3,
        2,
    ),
    PlannedFault("fault_3", Match(account=OTHER), delay=HOUR),
)


def done(store: Store, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """What a piece of work in one transaction answers."""

    async def in_transaction() -> T:
        async with store.transaction() as tx:
            return await work(tx)

    return asyncio.run(in_transaction())


class Spoilt(Exception):
    """What a transaction fails with in these tests."""


def spoilt(store: Store, work: Callable[[Transaction], Awaitable[object]]) -> None:
    """Do a piece of work in a transaction that then fails."""

    async def then_fail(tx: Transaction) -> None:
        await work(tx)
        raise Spoilt

    with pytest.raises(Spoilt):
        done(store, then_fail)


def test_a_session_is_found_as_it_was_kept(store: Store) -> None:
    order = Order(
        Mode.SUBSCRIPTION,
        'plan "ü" \x00',
        Decimal("10.5"),
        1_050,
        10**320,
        "https://a.example/?x=1",
        "https://b.example",
    )
    session = a_session(order=order).with_attempt(Attempt(NOON, "0002", "generic_decline"))
    done(store, lambda tx: tx.add_session(session))
    assert done(store, lambda tx: tx.session(session.id)) == session


def test_an_order_without_anything_is_found_as_it_was_kept(store: Store) -> None:
    session = a_session(order=Order(Mode.PAYMENT, None, None, 0, 0))
    done(store, lambda tx: tx.add_session(session))
    assert done(store, lambda tx: tx.session(session.id)) == session


def test_a_session_is_found_in_its_new_state(store: Store) -> None:
    session = a_session()
    paid = session.after(SessionEvent.PAY, NOON + HOUR).with_attempt(Attempt(NOON + HOUR, "4242", "paid"))
    done(store, lambda tx: tx.add_session(session))
    done(store, lambda tx: tx.put_session(paid))
    assert done(store, lambda tx: tx.session(session.id)) == paid


@pytest.mark.parametrize("name", ["", "cs_test_x", "'; DROP TABLE sessions; --", "\x00", "é" * 5000])
def test_an_unknown_session_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(SessionNotFound):
        done(store, lambda tx: tx.session(name))


def test_sessions_come_newest_first_in_pages_of_one_account_or_all(store: Store) -> None:
    mine = [a_session() for _ in range(3)]
    theirs = a_session(account=OTHER)
    for session in (mine[0], theirs, mine[1], mine[2]):
        done(store, lambda tx, kept=session: tx.add_session(kept))  # type: ignore[misc]  # a default binds the loop's value

    def names(account: str | None, limit: int, offset: int, status: Status | None = None) -> list[str]:
        found = done(store, lambda tx: tx.sessions(account=account, status=status, limit=limit, offset=offset))
        return [session.id for session in found]

    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id]
    assert names(ACCOUNT, 1, 1) == [mine[1].id]
    assert names(ACCOUNT, 10, 3) == []
    assert names(ACCOUNT, 10, 2**70) == []
    assert names(None, 10, 0) == [mine[2].id, mine[1].id, theirs.id, mine[0].id]
    assert names("acct_unknown", 10, 0) == []
    done(store, lambda tx: tx.put_session(mine[1].after(SessionEvent.PAY, NOON)))
    assert names(ACCOUNT, 10, 0, Status.COMPLETED) == [mine[1].id]
    assert names(None, 10, 0, Status.PENDING) == [mine[2].id, theirs.id, mine[0].id]
    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id], "a changed session keeps its place"


def test_what_is_due_is_kept_as_expired_for_that_account_alone(store: Store) -> None:
    mine, late, theirs = a_session(), a_session(life=2 * LIFETIME), a_session(account=OTHER)
    paid = a_session(status=Status.COMPLETED)

    async def keep(tx: Transaction) -> list[Status]:
        for session in (mine, late, theirs, paid):
            await tx.add_session(session)
        await tx.expire_due(ACCOUNT, NOON + LIFETIME - timedelta(milliseconds=1))
        assert (await tx.session(mine.id)).status is Status.PENDING
        await tx.expire_due(ACCOUNT, NOON + LIFETIME)
        return [(await tx.session(session.id)).status for session in (mine, late, theirs, paid)]

    assert done(store, keep) == [Status.EXPIRED, Status.PENDING, Status.PENDING, Status.COMPLETED]


def test_the_common_clock_expires_those_without_their_own(store: Store) -> None:
    mine, theirs = a_session(), a_session(account=OTHER)

    async def keep(tx: Transaction) -> list[Status]:
        await tx.add_session(mine)
        await tx.add_session(theirs)
        await tx.put_clock(OTHER, Clock())
        await tx.expire_followers(NOON + LIFETIME)
        return [(await tx.session(session.id)).status for session in (mine, theirs)]

    assert done(store, keep) == [Status.EXPIRED, Status.PENDING]


def test_a_session_is_credited_once(store: Store) -> None:
    session = a_session()
    done(store, lambda tx: tx.add_session(session))
    done(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    with pytest.raises(AlreadyCredited):
        done(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    assert done(store, lambda tx: tx.balance(ACCOUNT)) == 10 * MICRO


def test_the_balance_is_the_sum_of_the_entries_however_large(store: Store) -> None:
    huge = an_entry(credits=10**300)

    async def keep(tx: Transaction) -> tuple[int, int, int]:
        for entry in (huge, an_entry(credits=3), an_entry(credits=-2), an_entry(account=OTHER)):
            await tx.add_entry(entry)
        entries = await tx.entries(ACCOUNT)
        return await tx.balance(ACCOUNT), sum(entry.microcredits for entry in entries), await tx.balance("acct_unknown")

    assert done(store, keep) == ((10**300 + 1) * MICRO, (10**300 + 1) * MICRO, 0)


def test_consumption_is_counted_by_category_from_an_instant_on(store: Store) -> None:
    entries = [
        an_entry(credits=100),
        an_entry(credits=-1, kind=EntryKind.CONSUMPTION, category="indexing", at=NOON - HOUR),
        an_entry(credits=-2, kind=EntryKind.CONSUMPTION, category="indexing"),
        an_entry(credits=-3, kind=EntryKind.CONSUMPTION, category="search"),
        an_entry(credits=-4, kind=EntryKind.CONSUMPTION, category="search", account=OTHER),
    ]

    async def keep(tx: Transaction) -> tuple[object, object]:
        for entry in entries:
            await tx.add_entry(entry)
        return await tx.consumed(ACCOUNT), await tx.consumed(ACCOUNT, since=NOON)

    ever, since = done(store, keep)
    assert ever == {"indexing": 3 * MICRO, "search": 3 * MICRO}
    assert since == {"indexing": 2 * MICRO, "search": 3 * MICRO}


def test_entries_are_found_as_they_were_kept_in_their_order(store: Store) -> None:
    entries = [an_entry(session=None), an_entry(credits=-1, kind=EntryKind.CONSUMPTION, category="ü")]

    async def keep(tx: Transaction) -> object:
        for entry in entries:
            await tx.add_entry(entry)
        return list(await tx.entries(ACCOUNT))

    assert done(store, keep) == entries


def test_accounts_come_in_the_order_they_were_opened(store: Store) -> None:
    async def keep(tx: Transaction) -> tuple[object, object, object]:
        await tx.open_account(OTHER)
        await tx.open_account(OTHER)
        await tx.add_session(a_session())
        await tx.add_entry(an_entry())
        return (
            list(await tx.accounts(limit=9, offset=0)),
            list(await tx.accounts(limit=1, offset=1)),
            list(await tx.accounts(only=OTHER, limit=9, offset=0)),
        )

    everyone, second, one = done(store, keep)
    other, mine = AccountSummary(OTHER, 0, 0), AccountSummary(ACCOUNT, 10 * MICRO, 1)
    assert (everyone, second, one) == ([other, mine], [mine], [other])
    assert done(store, lambda tx: tx.has_account(OTHER))
    assert not done(store, lambda tx: tx.has_account("acct_unknown"))
    assert list(done(store, lambda tx: tx.accounts(only="acct_unknown", limit=9, offset=0))) == []


def test_an_account_follows_the_common_clock_until_it_has_its_own(store: Store) -> None:
    common, own = Clock(HOUR), Clock(-HOUR, NOON)

    async def keep(tx: Transaction) -> None:
        assert await tx.clock(ACCOUNT) == Clock()
        await tx.put_clock(None, common)
        assert await tx.clock(ACCOUNT) == common
        await tx.put_clock(ACCOUNT, own)
        assert (await tx.clock(ACCOUNT), await tx.clock(OTHER), await tx.clock(None)) == (own, common, common)
        assert await tx.own_clocks() == {ACCOUNT: own}
        await tx.drop_clock(ACCOUNT)
        assert await tx.clock(ACCOUNT) == common
        await tx.put_clock(ACCOUNT, own)
        await tx.drop_clock(None)
        assert (await tx.clock(ACCOUNT), await tx.clock(None)) == (Clock(), Clock())

    done(store, keep)


def test_a_subscription_is_remembered(store: Store) -> None:
    async def keep(tx: Transaction) -> list[str | None]:
        await tx.open_account(ACCOUNT)
        before = await tx.plan(ACCOUNT)
        await tx.put_plan(ACCOUNT, "plan-basic")
        return [before, await tx.plan(ACCOUNT), await tx.plan("acct_unknown")]

    assert done(store, keep) == [None, "plan-basic", None]


def test_forgetting_an_account_leaves_the_others(store: Store) -> None:
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

    done(store, keep)


def test_forgetting_everything_leaves_nothing(store: Store) -> None:
    async def keep(tx: Transaction) -> None:
        await tx.add_session(a_session())
        await tx.put_clock(None, Clock(HOUR))
        await tx.forget(None)
        assert list(await tx.accounts(limit=9, offset=0)) == []
        assert list(await tx.sessions(account=None, limit=9, offset=0)) == []
        assert await tx.clock(None) == Clock()

    done(store, keep)


def test_a_transaction_that_fails_leaves_no_trace(store: Store) -> None:
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

    done(store, before)
    then = done(store, look)
    spoilt(store, spoil)
    assert done(store, look) == then
    done(store, lambda tx: tx.expire_due(ACCOUNT, NOON + LIFETIME))
    assert done(store, lambda tx: tx.session(session.id)).status is Status.EXPIRED, "it was still pending"


def test_a_failed_credit_can_be_tried_again(store: Store) -> None:
    session = a_session()
    done(store, lambda tx: tx.add_session(session))
    spoilt(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    done(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    assert done(store, lambda tx: tx.balance(ACCOUNT)) == 10 * MICRO


def test_transactions_take_turns(store: Store) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        async with store.transaction() as tx:
            order.append(f"{name} begins")
            await tx.open_account(ACCOUNT)
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    async def both() -> None:
        await asyncio.gather(one("a"), one("b"))

    asyncio.run(both())
    assert order == ["a begins", "a ends", "b begins", "b ends"]


def test_a_store_has_a_secret_of_32_bytes(store: Store) -> None:
    assert len(store.secret) == 32


def test_closing_twice_does_nothing(store: Store) -> None:
    store.close()
    store.close()


def test_an_invoice_is_found_as_it_was_kept(store: Store) -> None:
    bought = an_invoice(description='Plan "ü" \x00', cents=10**30, microcredits=10**40, session="cs_1")
    recharged = an_invoice()
    done(store, lambda tx: tx.add_invoice(bought))
    done(store, lambda tx: tx.add_invoice(recharged))
    assert done(store, lambda tx: tx.invoice(bought.id)) == bought
    assert done(store, lambda tx: tx.invoice(recharged.id)) == recharged
    assert done(store, lambda tx: tx.has_account(ACCOUNT))


@pytest.mark.parametrize("name", ["", "in_x", "\x00", "é" * 5000])
def test_an_unknown_invoice_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(InvoiceNotFound):
        done(store, lambda tx: tx.invoice(name))


def test_invoices_come_newest_first_in_pages_of_one_account(store: Store) -> None:
    mine = [an_invoice() for _ in range(3)]
    for invoice in (mine[0], an_invoice(account=OTHER), mine[1], mine[2]):
        done(store, lambda tx, kept=invoice: tx.add_invoice(kept))  # type: ignore[misc]  # a default binds the loop's value

    def names(account: str, limit: int, offset: int) -> list[str]:
        return [each.id for each in done(store, lambda tx: tx.invoices(account, limit=limit, offset=offset))]

    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id]
    assert names(ACCOUNT, 1, 1) == [mine[1].id]
    assert names(ACCOUNT, 10, 3) == names(ACCOUNT, 10, 2**70) == names("acct_unknown", 10, 0) == []


def test_a_session_has_at_most_one_invoice(store: Store) -> None:
    first = an_invoice(session="cs_1")
    done(store, lambda tx: tx.add_invoice(first))
    with pytest.raises(AlreadyInvoiced):
        done(store, lambda tx: tx.add_invoice(an_invoice(session="cs_1")))
    assert done(store, lambda tx: tx.invoices(ACCOUNT, limit=10, offset=0)) == [first]
    done(store, lambda tx: tx.add_invoice(an_invoice()))
    done(store, lambda tx: tx.add_invoice(an_invoice()))


def test_an_account_that_said_nothing_has_auto_recharge_switched_off(store: Store) -> None:
    assert done(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    done(store, lambda tx: tx.open_account(ACCOUNT))
    assert done(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()


def test_auto_recharge_is_found_as_it_was_kept_for_that_account_alone(store: Store) -> None:
    recharge = AutoRecharge(enabled=True, threshold=Decimal("0.1"), amount=Decimal(10**30))
    done(store, lambda tx: tx.put_auto_recharge(ACCOUNT, AutoRecharge(enabled=True)))
    done(store, lambda tx: tx.put_auto_recharge(ACCOUNT, recharge))
    assert done(store, lambda tx: tx.auto_recharge(ACCOUNT)) == recharge
    assert done(store, lambda tx: tx.auto_recharge(OTHER)) == AutoRecharge()
    assert done(store, lambda tx: tx.has_account(ACCOUNT))


def test_a_transaction_that_fails_leaves_no_invoice_and_no_recharge(store: Store) -> None:
    kept = an_invoice(session="cs_1")
    done(store, lambda tx: tx.add_invoice(kept))
    lost = an_invoice(session="cs_2")

    async def work(tx: Transaction) -> None:
        await tx.add_invoice(lost)
        await tx.put_auto_recharge(ACCOUNT, AutoRecharge(enabled=True))

    spoilt(store, work)
    assert done(store, lambda tx: tx.invoices(ACCOUNT, limit=10, offset=0)) == [kept]
    assert done(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    done(store, lambda tx: tx.add_invoice(lost))


@pytest.mark.parametrize("forgotten", [ACCOUNT, None])
def test_what_is_forgotten_takes_its_invoices_and_recharge_along(store: Store, forgotten: str | None) -> None:
    mine, theirs = an_invoice(session="cs_1"), an_invoice(account=OTHER)

    async def work(tx: Transaction) -> None:
        for invoice in (mine, theirs):
            await tx.add_invoice(invoice)
            await tx.put_auto_recharge(invoice.account, AutoRecharge(enabled=True))

    async def forget(tx: Transaction) -> None:
        await tx.forget(forgotten)

    done(store, work)
    spoilt(store, forget)
    assert done(store, lambda tx: tx.invoice(mine.id)) == mine
    done(store, forget)
    with pytest.raises(InvoiceNotFound):
        done(store, lambda tx: tx.invoice(mine.id))
    assert done(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    assert done(store, lambda tx: tx.auto_recharge(OTHER)).enabled is (forgotten is not None)
    assert len(done(store, lambda tx: tx.invoices(OTHER, limit=10, offset=0))) == (forgotten is not None)


def planned(store: Store) -> None:
    for fault in FAULTS:
        done(store, lambda tx, kept=fault: tx.add_fault(kept))  # type: ignore[misc]  # a default binds the loop's value


def test_faults_are_found_as_they_were_kept_in_planning_order(store: Store) -> None:
    planned(store)
    assert tuple(done(store, lambda tx: tx.faults())) == FAULTS


def test_a_spent_fault_waits_no_more_and_is_kept(store: Store) -> None:
    planned(store)
    spent, _ = FAULTS[0].after_match()
    done(store, lambda tx: tx.put_fault(spent))
    assert tuple(done(store, lambda tx: tx.faults())) == (spent, *FAULTS[1:])
    assert tuple(done(store, lambda tx: tx.faults(waiting=True))) == FAULTS[1:]


def test_a_fault_that_was_dropped_is_gone_and_does_not_come_back(store: Store) -> None:
    planned(store)
    done(store, lambda tx: tx.drop_fault("fault_2"))
    done(store, lambda tx: tx.drop_fault("fault_unknown"))
    done(store, lambda tx: tx.put_fault(FAULTS[1].after_match()[0]))
    assert [fault.id for fault in done(store, lambda tx: tx.faults())] == ["fault_1", "fault_3"]


def test_a_transaction_that_fails_leaves_faults_as_they_were(store: Store) -> None:
    planned(store)

    async def work(tx: Transaction) -> None:
        await tx.put_fault(FAULTS[0].after_match()[0])
        await tx.drop_fault("fault_2")
        await tx.add_fault(PlannedFault("fault_4", Match(), FaultKind.EMPTY))

    spoilt(store, work)
    assert tuple(done(store, lambda tx: tx.faults())) == FAULTS


@pytest.mark.parametrize(("forgotten", "left"), [(ACCOUNT, ["fault_1", "fault_3"]), (None, [])])
def test_an_account_that_is_forgotten_takes_its_faults_along(
    store: Store, forgotten: str | None, left: list[str]
) -> None:
    planned(store)

    async def forget(tx: Transaction) -> None:
        await tx.forget(forgotten)

    spoilt(store, forget)
    assert tuple(done(store, lambda tx: tx.faults())) == FAULTS
    done(store, forget)
    assert [fault.id for fault in done(store, lambda tx: tx.faults())] == left
