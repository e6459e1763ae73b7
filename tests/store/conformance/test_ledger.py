"""The ledger and its sums, as every store keeps them."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.instant import month_start
from mockserver.domain.ledger import EntryKind, LedgerRow
from mockserver.domain.money import MICRO
from mockserver.store import AlreadyCredited, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry
from tests.matrix import few_examples
from tests.store.conformance.transactions import in_failed_transaction, in_transaction


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


def test_consumption_is_summed_by_category_in_all_and_for_each_month(store: Store) -> None:
    month, second = month_start(NOON), timedelta(seconds=1)
    next_month = month_start(month + timedelta(days=31))
    entries = [
        an_entry(credits=100),
        an_entry(credits=-1, kind=EntryKind.CONSUMPTION, category="indexing", at=month - second),
        an_entry(credits=-(10**30), kind=EntryKind.CONSUMPTION, category="indexing", at=month),
        an_entry(credits=-2, kind=EntryKind.CONSUMPTION, category="indexing", at=next_month - second),
        an_entry(credits=-3, kind=EntryKind.CONSUMPTION, category="search"),
        an_entry(credits=-5, kind=EntryKind.CONSUMPTION, category="search", at=next_month),
        an_entry(credits=-4, kind=EntryKind.CONSUMPTION, category="search", account=OTHER),
    ]

    async def keep(tx: Transaction) -> tuple[object, ...]:
        for entry in entries:
            await tx.add_entry(entry)
        months = [await tx.consumed(ACCOUNT, month=each) for each in (month, next_month)]
        return await tx.consumed(ACCOUNT), *months, await tx.consumed("acct_unknown")

    assert in_transaction(store, keep) == (
        {"indexing": (10**30 + 3) * MICRO, "search": 8 * MICRO},
        {"indexing": (10**30 + 2) * MICRO, "search": 3 * MICRO},
        {"search": 5 * MICRO},
        {},
    )


def test_failed_transaction_leaves_sums_of_consumption_unchanged(store: Store) -> None:
    spent: dict[str, Any] = {"credits": -1, "kind": EntryKind.CONSUMPTION, "category": "llm", "microunits": 7}

    async def keep(tx: Transaction) -> None:
        await tx.add_entry(an_entry(**spent))
        await tx.add_entry(an_entry(**{**spent, "category": "dubbing"}))

    in_transaction(store, lambda tx: tx.add_entry(an_entry(**spent)))
    in_failed_transaction(store, keep)
    assert in_transaction(store, lambda tx: tx.consumed(ACCOUNT)) == {"llm": MICRO}
    assert in_transaction(store, lambda tx: tx.consumed_units(ACCOUNT)) == {"llm": 7}


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


def test_ledger_is_read_by_pages_with_the_balance_after_each_entry(store: Store) -> None:
    entries = [an_entry(credits=number - 3) for number in range(1, 8)]

    async def keep(tx: Transaction) -> tuple[list[LedgerRow], ...]:
        for entry in entries:
            await tx.add_entry(an_entry(account=OTHER, credits=100))
            await tx.add_entry(entry)
        return (
            list(await tx.ledger(ACCOUNT, limit=9, offset=0)),
            list(await tx.ledger(ACCOUNT, limit=2, offset=3)),
            list(await tx.ledger(ACCOUNT, limit=2, offset=1, step=3)),
            list(await tx.ledger(ACCOUNT, limit=2, offset=7)),
            list(await tx.ledger("acct_unknown", limit=2, offset=0)),
        )

    sums = accumulate(entry.microcredits for entry in entries)
    rows = [LedgerRow(entry, number, sum_) for number, (entry, sum_) in enumerate(zip(entries, sums, strict=True), 1)]
    newest = rows[::-1]
    assert in_transaction(store, keep) == (newest, newest[3:5], [newest[1], newest[4]], [], [])
    assert in_transaction(store, lambda tx: tx.entry_count(ACCOUNT)) == 7
    assert in_transaction(store, lambda tx: tx.entry_count("acct_unknown")) == 0


def test_page_of_the_ledger_is_a_slice(store: Store) -> None:
    @given(
        counts=st.lists(st.tuples(st.sampled_from([ACCOUNT, OTHER]), st.integers(-9, 9)), max_size=12),
        limit=st.integers(0, 13),
        offset=st.integers(0, 13),
        step=st.integers(1, 5),
    )
    @few_examples(20)
    def page_is_a_slice(counts: list[tuple[str, int]], limit: int, offset: int, step: int) -> None:
        async def keep(tx: Transaction) -> tuple[list[tuple[int, int]], int]:
            await tx.forget(None)
            for account, credits in counts:
                await tx.add_entry(an_entry(account=account, credits=credits))
            page = await tx.ledger(ACCOUNT, limit=limit, offset=offset, step=step)
            return [(row.number, row.balance) for row in page], await tx.balance(ACCOUNT)

        sums = list(accumulate(credits * MICRO for account, credits in counts if account == ACCOUNT))
        expected = list(enumerate(sums, 1))[::-1][offset::step][:limit]
        assert in_transaction(store, keep) == (expected, sums[-1] if sums else 0)

    page_is_a_slice()


def test_balance_after_an_undone_entry_is_that_before_it(store: Store) -> None:
    in_transaction(store, lambda tx: tx.add_entry(an_entry(credits=1)))
    in_failed_transaction(store, lambda tx: tx.add_entry(an_entry(credits=2)))
    in_transaction(store, lambda tx: tx.add_entry(an_entry(credits=4)))
    page = in_transaction(store, lambda tx: tx.ledger(ACCOUNT, limit=9, offset=0))
    assert [(row.number, row.balance // MICRO) for row in page] == [(2, 5), (1, 1)]


def test_failed_credit_can_be_retried(store: Store) -> None:
    session = a_session()
    in_transaction(store, lambda tx: tx.add_session(session))
    in_failed_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    in_transaction(store, lambda tx: tx.add_entry(an_entry(session=session.id)))
    assert in_transaction(store, lambda tx: tx.balance(ACCOUNT)) == 10 * MICRO
