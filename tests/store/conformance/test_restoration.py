"""Many rows of an account at once are the same as one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store import AlreadyCredited, AlreadyInvoiced, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry, an_invoice, an_order
from tests.store.conformance.contents import STRANGE, STRANGE_URL
from tests.store.conformance.transactions import in_transaction

Rows = tuple[Sequence[CheckoutSession], Sequence[CreditEntry], Sequence[Invoice]]
MANY = 2_100


def rows_of(account: str) -> Rows:
    """Rows with a value of each kind, and with nulls."""
    order = an_order(plan_id=STRANGE, dollars=10**30, success_url=STRANGE_URL)
    sessions = [a_session(account=account, status=status, order=order) for status in Status]
    paid = sessions[0].id
    entries = [
        an_entry(account=account, session=paid, credits=10**300),
        an_entry(account=account),
        an_entry(account=account, kind=EntryKind.CONSUMPTION, credits=-3, category=STRANGE, microunits=10**40),
        an_entry(account=account, kind=EntryKind.CONSUMPTION, credits=-4, category=STRANGE, microunits=7),
        an_entry(account=account, kind=EntryKind.CONSUMPTION, credits=-5, category=STRANGE),
        an_entry(
            account=account, kind=EntryKind.CONSUMPTION, credits=-6, category=STRANGE, at=NOON + timedelta(days=40)
        ),
        an_entry(account=account, kind=EntryKind.CONSUMPTION, credits=-7, category="NULL"),
    ]
    invoices = [an_invoice(account=account, session=paid, description=STRANGE), an_invoice(account=account)]
    return sessions, entries, invoices


async def all_of(tx: Transaction, account: str) -> object:
    return (
        [each._replace(account="") for each in await tx.sessions(account=account, limit=9_999, offset=0)],
        [row._replace(entry=row.entry._replace(account="")) for row in await tx.ledger(account, limit=99, offset=0)],
        await tx.balance(account),
        await tx.consumed(account),
        await tx.consumed(account, month=NOON.replace(day=1, hour=0)),
        await tx.consumed_units(account),
        [each._replace(account="") for each in await tx.invoices(account, limit=99, offset=0)],
        [each._replace(id="") for each in await tx.accounts(only=account, limit=1, offset=0)],
    )


@pytest.mark.parametrize("is_new", [True, False])
def test_rows_at_once_are_those_one_by_one(store: Store, is_new: bool) -> None:
    sessions, entries, invoices = rows_of(ACCOUNT)

    async def one_by_one(tx: Transaction) -> object:
        if not is_new:
            await tx.add_session(a_session())
            await tx.add_entry(an_entry())
        for session in sessions:
            await tx.add_session(session)
        for entry in entries:
            await tx.add_entry(entry)
        for invoice in invoices:
            await tx.add_invoice(invoice)
        return await all_of(tx, ACCOUNT)

    async def at_once(tx: Transaction) -> object:
        await tx.forget(ACCOUNT)
        if not is_new:
            await tx.add_session(a_session())
            await tx.add_entry(an_entry())
        await tx.add_rows(ACCOUNT, sessions, entries, invoices)
        return await all_of(tx, ACCOUNT)

    expected = in_transaction(store, one_by_one)
    restored = in_transaction(store, at_once)
    if not is_new:  # the session that was there is another one
        expected[0].pop(), restored[0].pop()  # type: ignore[index]  # all_of has a list there
    assert restored == expected
    assert in_transaction(store, lambda tx: tx.session(sessions[0].id)) == sessions[0]


def test_many_rows_keep_their_order(store: Store) -> None:
    sessions = [a_session() for _ in range(MANY)]
    entries = [an_entry(session=each.id, credits=number) for number, each in enumerate(sessions)]
    invoices = [an_invoice(session=each.id) for each in sessions]

    async def check(tx: Transaction) -> None:
        await tx.add_rows(ACCOUNT, sessions, entries, invoices)
        assert list(await tx.sessions(account=ACCOUNT, limit=9_999, offset=0)) == sessions[::-1]
        assert list(await tx.sessions(account=None, limit=9_999, offset=0)) == sessions[::-1]
        assert list(await tx.entries(ACCOUNT)) == entries
        assert list(await tx.invoices(ACCOUNT, limit=9_999, offset=0)) == invoices[::-1]
        assert [row.number for row in await tx.ledger(ACCOUNT, limit=3, offset=0)] == [MANY, MANY - 1, MANY - 2]
        assert await tx.balance(ACCOUNT) == sum(each.microcredits for each in entries)
        assert await tx.first_taken(["cs_test_none"], [invoices[-1].id]) == invoices[-1].id
        assert await tx.first_taken([*["cs_test_none"] * MANY, sessions[-1].id], []) == sessions[-1].id

    in_transaction(store, check)


def test_other_requests_have_their_turns_during_many_rows(store: Store) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def add(tx: Transaction) -> int:
        await tx.has_account(ACCOUNT)
        counting = asyncio.create_task(count_turns())
        await tx.add_rows(ACCOUNT, [a_session() for _ in range(MANY)], [], [])
        counting.cancel()
        return turns

    assert in_transaction(store, add) >= 2


def test_account_without_rows_is_opened(store: Store) -> None:
    in_transaction(store, lambda tx: tx.add_rows(ACCOUNT, [], [], []))
    assert in_transaction(store, lambda tx: tx.has_account(ACCOUNT))


@pytest.mark.parametrize("is_stored", [True, False])
def test_second_credit_and_invoice_of_a_session_are_refused(store: Store, is_stored: bool) -> None:
    session = a_session()

    async def add(tx: Transaction, *, entries: int = 0, invoices: int = 0) -> None:
        bills = [an_invoice(session=session.id) for _ in range(invoices)]
        await tx.add_rows(OTHER, [], [an_entry(account=OTHER, session=session.id)] * entries, bills)

    count = 1 if is_stored else 2
    if is_stored:
        in_transaction(store, lambda tx: add(tx, entries=1, invoices=1))
    with pytest.raises(AlreadyCredited, match=session.id):
        in_transaction(store, lambda tx: add(tx, entries=count))
    with pytest.raises(AlreadyInvoiced, match=session.id):
        in_transaction(store, lambda tx: add(tx, invoices=count))
    assert in_transaction(store, lambda tx: tx.entry_count(OTHER)) == is_stored


def test_ids_that_are_stored_are_taken(store: Store) -> None:
    session, invoice = a_session(), an_invoice()

    async def add(tx: Transaction) -> None:
        assert await tx.first_taken([session.id], [invoice.id]) is None
        await tx.add_rows(ACCOUNT, [session], [], [invoice])

    in_transaction(store, add)
    for sessions, invoices, taken in (
        ([], [], None),
        (["cs_test_0"], ["in_0"], None),
        (["cs_test_0", session.id], [], session.id),
        (["cs_test_0"], [STRANGE, invoice.id], invoice.id),
    ):
        assert in_transaction(store, lambda tx, a=sessions, b=invoices: tx.first_taken(a, b)) == taken  # type: ignore[misc]
