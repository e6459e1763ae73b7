"""The conformance suite: every store keeps the promises of mockserver.store.base."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

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


def in_transaction(store: Store, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run work in one transaction, and return its result."""

    async def run() -> T:
        async with store.transaction() as tx:
            return await work(tx)

    return asyncio.run(run())


class TransactionFailed(Exception):
    """The failure of a transaction in these tests."""


def in_failed_transaction(store: Store, work: Callable[[Transaction], Awaitable[object]]) -> None:
    """Run work in a transaction that then fails."""

    async def then_fail(tx: Transaction) -> None:
        await work(tx)
        raise TransactionFailed

    with pytest.raises(TransactionFailed):
        in_transaction(store, then_fail)


def test_session_is_loaded_as_stored(store: Store) -> None:
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
    in_transaction(store, lambda tx: tx.add_session(session))
    assert in_transaction(store, lambda tx: tx.session(session.id)) == session


def test_empty_order_is_loaded_as_stored(store: Store) -> None:
    session = a_session(order=Order(Mode.PAYMENT, None, None, 0, 0))
    in_transaction(store, lambda tx: tx.add_session(session))
    assert in_transaction(store, lambda tx: tx.session(session.id)) == session


def test_changed_session_is_loaded_in_new_state(store: Store) -> None:
    session = a_session()
    paid = session.after(SessionEvent.PAY, NOON + HOUR).with_attempt(Attempt(NOON + HOUR, "4242", "paid"))
    in_transaction(store, lambda tx: tx.add_session(session))
    in_transaction(store, lambda tx: tx.put_session(paid))
    assert in_transaction(store, lambda tx: tx.session(session.id)) == paid


@pytest.mark.parametrize("name", ["", "cs_test_x", "'; DROP TABLE sessions; --", "\x00", "é" * 5000])
def test_unknown_session_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(SessionNotFound):
        in_transaction(store, lambda tx: tx.session(name))


def test_sessions_are_listed_newest_first_in_pages(store: Store) -> None:
    mine = [a_session() for _ in range(3)]
    theirs = a_session(account=OTHER)
    for session in (mine[0], theirs, mine[1], mine[2]):
        in_transaction(store, lambda tx, kept=session: tx.add_session(kept))  # type: ignore[misc]  # a default binds the loop's value

    def names(account: str | None, limit: int, offset: int, status: Status | None = None) -> list[str]:
        found = in_transaction(
            store, lambda tx: tx.sessions(account=account, status=status, limit=limit, offset=offset)
        )
        return [session.id for session in found]

    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id]
    assert names(ACCOUNT, 1, 1) == [mine[1].id]
    assert names(ACCOUNT, 10, 3) == []
    assert names(ACCOUNT, 10, 2**70) == []
    assert names(None, 10, 0) == [mine[2].id, mine[1].id, theirs.id, mine[0].id]
    assert names("acct_unknown", 10, 0) == []
    in_transaction(store, lambda tx: tx.put_session(mine[1].after(SessionEvent.PAY, NOON)))
    assert names(ACCOUNT, 10, 0, Status.COMPLETED) == [mine[1].id]
    assert names(None, 10, 0, Status.PENDING) == [mine[2].id, theirs.id, mine[0].id]
    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id], "a changed session keeps its place"


def test_due_sessions_expire_for_their_account_only(store: Store) -> None:
    mine, late, theirs = a_session(), a_session(life=2 * LIFETIME), a_session(account=OTHER)
    paid = a_session(status=Status.COMPLETED)

    async def keep(tx: Transaction) -> list[Status]:
        for session in (mine, late, theirs, paid):
            await tx.add_session(session)
        await tx.expire_due(ACCOUNT, NOON + LIFETIME - timedelta(milliseconds=1))
        assert (await tx.session(mine.id)).status is Status.PENDING
        await tx.expire_due(ACCOUNT, NOON + LIFETIME)
        return [(await tx.session(session.id)).status for session in (mine, late, theirs, paid)]

    assert in_transaction(store, keep) == [Status.EXPIRED, Status.PENDING, Status.PENDING, Status.COMPLETED]


def test_common_clock_expires_sessions_of_accounts_without_own_clock(store: Store) -> None:
    mine, theirs = a_session(), a_session(account=OTHER)

    async def keep(tx: Transaction) -> list[Status]:
        await tx.add_session(mine)
        await tx.add_session(theirs)
        await tx.put_clock(OTHER, Clock())
        await tx.expire_followers(NOON + LIFETIME)
        return [(await tx.session(session.id)).status for session in (mine, theirs)]

    assert in_transaction(store, keep) == [Status.EXPIRED, Status.PENDING]


def test_session_is_credited_once(store: Store) -> None:
    session = a_session()
    in_transaction(store, lambda tx: tx.add_session(session))
    in_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    with pytest.raises(AlreadyCredited):
        in_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    assert in_transaction(store, lambda tx: tx.balance(ACCOUNT)) == 10 * MICRO


def test_balance_is_exact_sum_of_entries_of_any_size(store: Store) -> None:
    huge = an_entry(credits=10**300)

    async def keep(tx: Transaction) -> tuple[int, int, int]:
        for entry in (huge, an_entry(credits=3), an_entry(credits=-2), an_entry(account=OTHER)):
            await tx.add_entry(entry)
        entries = await tx.entries(ACCOUNT)
        return await tx.balance(ACCOUNT), sum(entry.microcredits for entry in entries), await tx.balance("acct_unknown")

    assert in_transaction(store, keep) == ((10**300 + 1) * MICRO, (10**300 + 1) * MICRO, 0)


def test_consumption_is_summed_by_category_since_an_instant(store: Store) -> None:
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

    ever, since = in_transaction(store, keep)
    assert ever == {"indexing": 3 * MICRO, "search": 3 * MICRO}
    assert since == {"indexing": 2 * MICRO, "search": 3 * MICRO}


def test_consumed_units_are_summed_by_resource(store: Store) -> None:
    consumed: dict[str, Any] = {"credits": -1, "kind": EntryKind.CONSUMPTION}
    entries = [
        an_entry(**consumed, category="llm", microunits=10**18),
        an_entry(**consumed, category="llm", microunits=1),
        an_entry(**consumed, category="dubbing", microunits=0),
        an_entry(**consumed, category="indexing"),
        an_entry(**consumed, category="llm", microunits=5, account=OTHER),
    ]

    async def keep(tx: Transaction) -> tuple[object, object]:
        for entry in entries:
            await tx.add_entry(entry)
        return await tx.consumed_units(ACCOUNT), await tx.consumed_units("acct_unknown")

    assert in_transaction(store, keep) == ({"llm": 10**18 + 1, "dubbing": 0}, {})


def test_entries_are_loaded_as_stored_and_in_order(store: Store) -> None:
    consumed: dict[str, Any] = {"credits": -1, "kind": EntryKind.CONSUMPTION}
    entries = [
        an_entry(session=None),
        an_entry(**consumed, category="ü"),
        an_entry(**consumed, category="llm", microunits=1_500_000),
    ]

    async def keep(tx: Transaction) -> object:
        for entry in entries:
            await tx.add_entry(entry)
        return list(await tx.entries(ACCOUNT))

    assert in_transaction(store, keep) == entries


def test_accounts_are_listed_in_opening_order(store: Store) -> None:
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

    everyone, second, one = in_transaction(store, keep)
    other, mine = AccountSummary(OTHER, 0, 0), AccountSummary(ACCOUNT, 10 * MICRO, 1)
    assert (everyone, second, one) == ([other, mine], [mine], [other])
    assert in_transaction(store, lambda tx: tx.has_account(OTHER))
    assert not in_transaction(store, lambda tx: tx.has_account("acct_unknown"))
    assert list(in_transaction(store, lambda tx: tx.accounts(only="acct_unknown", limit=9, offset=0))) == []


def test_account_follows_common_clock_until_it_has_its_own(store: Store) -> None:
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

    in_transaction(store, keep)


def test_subscription_plan_is_stored(store: Store) -> None:
    async def keep(tx: Transaction) -> list[str | None]:
        await tx.open_account(ACCOUNT)
        before = await tx.plan(ACCOUNT)
        await tx.put_plan(ACCOUNT, "plan-basic")
        return [before, await tx.plan(ACCOUNT), await tx.plan("acct_unknown")]

    assert in_transaction(store, keep) == [None, "plan-basic", None]


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


def test_failed_credit_can_be_retried(store: Store) -> None:
    session = a_session()
    in_transaction(store, lambda tx: tx.add_session(session))
    in_failed_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    in_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    assert in_transaction(store, lambda tx: tx.balance(ACCOUNT)) == 10 * MICRO


def test_transactions_run_one_at_a_time(store: Store) -> None:
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


def test_store_secret_has_32_bytes(store: Store) -> None:
    assert len(store.secret) == 32


def test_second_close_does_nothing(store: Store) -> None:
    store.close()
    store.close()


def test_invoice_is_loaded_as_stored(store: Store) -> None:
    bought = an_invoice(description='Plan "ü" \x00', cents=10**30, microcredits=10**40, session="cs_1")
    recharged = an_invoice()
    in_transaction(store, lambda tx: tx.add_invoice(bought))
    in_transaction(store, lambda tx: tx.add_invoice(recharged))
    assert in_transaction(store, lambda tx: tx.invoice(bought.id)) == bought
    assert in_transaction(store, lambda tx: tx.invoice(recharged.id)) == recharged
    assert in_transaction(store, lambda tx: tx.has_account(ACCOUNT))


@pytest.mark.parametrize("name", ["", "in_x", "\x00", "é" * 5000])
def test_unknown_invoice_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(InvoiceNotFound):
        in_transaction(store, lambda tx: tx.invoice(name))


def test_invoices_of_an_account_are_listed_newest_first_in_pages(store: Store) -> None:
    mine = [an_invoice() for _ in range(3)]
    for invoice in (mine[0], an_invoice(account=OTHER), mine[1], mine[2]):
        in_transaction(store, lambda tx, kept=invoice: tx.add_invoice(kept))  # type: ignore[misc]  # a default binds the loop's value

    def names(account: str, limit: int, offset: int) -> list[str]:
        return [each.id for each in in_transaction(store, lambda tx: tx.invoices(account, limit=limit, offset=offset))]

    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id]
    assert names(ACCOUNT, 1, 1) == [mine[1].id]
    assert names(ACCOUNT, 10, 3) == names(ACCOUNT, 10, 2**70) == names("acct_unknown", 10, 0) == []


def test_session_has_at_most_one_invoice(store: Store) -> None:
    first = an_invoice(session="cs_1")
    in_transaction(store, lambda tx: tx.add_invoice(first))
    with pytest.raises(AlreadyInvoiced):
        in_transaction(store, lambda tx: tx.add_invoice(an_invoice(session="cs_1")))
    assert in_transaction(store, lambda tx: tx.invoices(ACCOUNT, limit=10, offset=0)) == [first]
    in_transaction(store, lambda tx: tx.add_invoice(an_invoice()))
    in_transaction(store, lambda tx: tx.add_invoice(an_invoice()))


def test_auto_recharge_is_off_by_default(store: Store) -> None:
    assert in_transaction(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()
    in_transaction(store, lambda tx: tx.open_account(ACCOUNT))
    assert in_transaction(store, lambda tx: tx.auto_recharge(ACCOUNT)) == AutoRecharge()


def test_auto_recharge_is_loaded_as_stored_for_its_account_only(store: Store) -> None:
    recharge = AutoRecharge(enabled=True, threshold=Decimal("0.1"), amount=Decimal(10**30))
    in_transaction(store, lambda tx: tx.put_auto_recharge(ACCOUNT, AutoRecharge(enabled=True)))
    in_transaction(store, lambda tx: tx.put_auto_recharge(ACCOUNT, recharge))
    assert in_transaction(store, lambda tx: tx.auto_recharge(ACCOUNT)) == recharge
    assert in_transaction(store, lambda tx: tx.auto_recharge(OTHER)) == AutoRecharge()
    assert in_transaction(store, lambda tx: tx.has_account(ACCOUNT))


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


def planned(store: Store) -> None:
    for fault in FAULTS:
        in_transaction(store, lambda tx, kept=fault: tx.add_fault(kept))  # type: ignore[misc]  # a default binds the loop's value


def test_faults_are_loaded_as_stored_in_planning_order(store: Store) -> None:
    planned(store)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS


def test_spent_fault_is_stored_but_no_longer_waits(store: Store) -> None:
    planned(store)
    spent, _ = FAULTS[0].after_match()
    in_transaction(store, lambda tx: tx.put_fault(spent))
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == (spent, *FAULTS[1:])
    assert tuple(in_transaction(store, lambda tx: tx.faults(waiting=True))) == FAULTS[1:]


def test_deleted_fault_does_not_come_back(store: Store) -> None:
    planned(store)
    in_transaction(store, lambda tx: tx.drop_fault("fault_2"))
    in_transaction(store, lambda tx: tx.drop_fault("fault_unknown"))
    in_transaction(store, lambda tx: tx.put_fault(FAULTS[1].after_match()[0]))
    assert [fault.id for fault in in_transaction(store, lambda tx: tx.faults())] == ["fault_1", "fault_3"]


def test_failed_transaction_leaves_faults_unchanged(store: Store) -> None:
    planned(store)

    async def work(tx: Transaction) -> None:
        await tx.put_fault(FAULTS[0].after_match()[0])
        await tx.drop_fault("fault_2")
        await tx.add_fault(PlannedFault("fault_4", Match(), FaultKind.EMPTY))

    in_failed_transaction(store, work)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS


@pytest.mark.parametrize(("forgotten", "left"), [(ACCOUNT, ["fault_1", "fault_3"]), (None, [])])
def test_deletion_of_account_includes_its_faults(store: Store, forgotten: str | None, left: list[str]) -> None:
    planned(store)

    async def forget(tx: Transaction) -> None:
        await tx.forget(forgotten)

    in_failed_transaction(store, forget)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS
    in_transaction(store, forget)
    assert [fault.id for fault in in_transaction(store, lambda tx: tx.faults())] == left
