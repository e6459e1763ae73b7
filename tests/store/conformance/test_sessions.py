"""Sessions, as every store keeps them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.domain.clock import Clock
from mockserver.domain.errors import SessionNotFound
from mockserver.domain.order import Mode, Order
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.session import LIFETIME, Attempt, CheckoutSession, SessionEvent, Status, session_id
from mockserver.store import Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session
from tests.store.conformance.contents import numbered_session
from tests.store.conformance.transactions import in_failed_transaction, in_transaction

HOUR = timedelta(hours=1)


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
    attempt = Attempt(NOON + HOUR, "4242", "paid", "Visa")
    paid = session.after(SessionEvent.PAY, NOON + HOUR).with_attempt(attempt, Buyer('"ü"@a.example', country="US"))
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


def test_expiry_of_a_failed_transaction_happens_in_the_next_one(store: Store) -> None:
    session = a_session()
    in_transaction(store, lambda tx: tx.add_session(session))
    in_failed_transaction(store, lambda tx: tx.expire_due(ACCOUNT, session.expires_at))
    assert in_transaction(store, lambda tx: tx.session(session.id)) == session
    in_transaction(store, lambda tx: tx.expire_due(ACCOUNT, session.expires_at))
    assert in_transaction(store, lambda tx: tx.session(session.id)).status is Status.EXPIRED


@pytest.mark.parametrize("has_numbers", [True, False], ids=["ids with numbers", "other ids"])
def test_named_sessions_expire_and_no_others(store: Store, has_numbers: bool) -> None:
    odd = ["cs_test_'\"\\{},\x00", "cs_test_" + "A" * 58]

    async def added(number: int) -> CheckoutSession:
        if has_numbers:
            return await store.create_session(ACCOUNT, numbered_session)
        session = a_session()._replace(id=odd[number] if number < len(odd) else a_session().id)
        async with store.transaction() as tx:
            await tx.add_session(session)
        return session

    async def expire(names: Sequence[str], *, fails: bool = False) -> list[Status]:
        with suppress(ArithmeticError):
            async with store.transaction() as tx:
                await tx.sessions(account=ACCOUNT, limit=9, offset=0)
                await tx.expire(names)
                if fails:
                    raise ArithmeticError
        async with store.transaction() as tx:
            return [each.status for each in await tx.sessions(account=ACCOUNT, limit=9, offset=0)][::-1]

    async def run() -> None:
        names = [(await added(number)).id for number in range(4)]
        pending, expired = Status.PENDING, Status.EXPIRED
        assert await expire([]) == [pending] * 4
        assert await expire(names[:3], fails=True) == [pending] * 4
        assert await expire(names[:3]) == [expired, expired, expired, pending]
        assert await expire(names) == [expired] * 4

    asyncio.run(run())


def test_declined_and_undone_sessions_expire_once_due(store: Store) -> None:
    early, late, lost = a_session(), a_session(life=2 * LIFETIME), a_session()
    attempt = Attempt(NOON, "0002", "card_declined")

    async def keep(tx: Transaction) -> list[Status]:
        for session in (early, late):
            await tx.add_session(session)
            await tx.put_session(session.with_attempt(attempt))
        await tx.expire_due(ACCOUNT, early.expires_at)
        return [(await tx.session(session.id)).status for session in (early, late)]

    in_failed_transaction(store, lambda tx: tx.add_session(lost))
    assert in_transaction(store, keep) == [Status.EXPIRED, Status.PENDING]
    in_transaction(store, lambda tx: tx.expire_due(ACCOUNT, late.expires_at))
    assert in_transaction(store, lambda tx: tx.session(late.id)).status is Status.EXPIRED


def test_status_is_that_at_a_time_on_the_clock_of_the_account(store: Store) -> None:
    mine, late, paid = a_session(), a_session(life=2 * LIFETIME), a_session(status=Status.COMPLETED)
    expired, theirs, frozen = a_session(status=Status.EXPIRED), a_session(account=OTHER), a_session(account="acct_3")

    async def names(tx: Transaction, status: Status, account: str | None = None) -> list[str]:
        at = NOON + LIFETIME
        return [each.id for each in await tx.sessions(account=account, status=status, at=at, limit=9, offset=0)]

    async def keep(tx: Transaction) -> None:
        for session in (mine, late, paid, expired, theirs, frozen):
            await tx.add_session(session)
        await tx.put_clock(OTHER, Clock(-HOUR))
        await tx.put_clock("acct_3", Clock(frozen_at=NOON))
        assert await names(tx, Status.PENDING) == [frozen.id, theirs.id, late.id]
        assert await names(tx, Status.EXPIRED) == [expired.id, mine.id]
        assert await names(tx, Status.COMPLETED) == [paid.id]
        assert await names(tx, Status.PENDING, ACCOUNT) == [late.id]
        assert await names(tx, Status.EXPIRED, ACCOUNT) == [expired.id, mine.id]
        await tx.put_clock(None, Clock(2 * LIFETIME))
        assert await names(tx, Status.PENDING) == [frozen.id, theirs.id]
        await tx.put_clock(OTHER, Clock(frozen_at=theirs.expires_at))
        assert await names(tx, Status.PENDING) == [frozen.id]
        assert await names(tx, Status.EXPIRED, OTHER) == [theirs.id]
        assert (await tx.session(theirs.id)).status is Status.PENDING, "as stored"

    in_transaction(store, keep)


def test_sessions_are_found_by_a_part_of_their_id(store: Store) -> None:
    ids = ["cs_test_abc%_" + "0" * 50, "cs_test_ABC" + "1" * 50, "cs_test_xyz" + "2" * 50]
    owners = (ACCOUNT, OTHER, OTHER)
    sessions = [a_session(account=owner)._replace(id=name) for owner, name in zip(owners, ids, strict=True)]

    async def keep(tx: Transaction) -> list[list[str]]:
        for session in sessions:
            await tx.add_session(session)

        async def found(part: str, account: str | None = None, status: Status | None = None) -> list[str]:
            page = await tx.sessions(account=account, status=status, at=NOON, part=part, limit=9, offset=0)
            return [each.id for each in page]

        return [
            await found("abc"),
            await found("%_"),
            await found("cs_test_", OTHER),
            await found("xyz", ACCOUNT),
            await found("xyz", OTHER, Status.PENDING),
            await found("xyz", None, Status.EXPIRED),
            await found(ids[1]),
        ]

    found = in_transaction(store, keep)
    assert found == [[ids[0]], [ids[0]], [ids[2], ids[1]], [], [ids[2]], [], [ids[1]]]


def test_created_session_is_found_changed_and_deleted_like_any_other(store: Store) -> None:
    given: list[tuple[Clock, int | None]] = []

    def create(clock: Clock, number: int | None) -> CheckoutSession:
        given.append((clock, number))
        return a_session()._replace(id=session_id(os.urandom(58), number))

    async def run() -> None:
        added = a_session()
        async with store.transaction() as tx:
            await tx.put_clock(ACCOUNT, Clock(HOUR))
            await tx.add_session(added)
        created = await asyncio.gather(*(store.create_session(ACCOUNT, create) for _ in range(3)))
        assert [clock for clock, _ in given] == [Clock(HOUR)] * 3
        async with store.transaction() as tx:
            page = await tx.sessions(account=ACCOUNT, limit=9, offset=0)
            assert [session.id for session in page] == [*(each.id for each in created[::-1]), added.id]
            paid = created[1].after(SessionEvent.PAY, NOON)
            await tx.put_session(paid)
            assert [await tx.session(each.id) for each in created] == [created[0], paid, created[2]]
            await tx.forget(ACCOUNT)
            with pytest.raises(SessionNotFound):
                await tx.session(created[0].id)
        later = await store.create_session(ACCOUNT, create)
        async with store.transaction() as tx:
            assert await tx.session(later.id) == later
            with pytest.raises(SessionNotFound):
                await tx.session(created[0].id)

    asyncio.run(run())


def test_page_is_a_slice_of_the_account_newest_first(store: Store) -> None:
    @given(
        accounts=st.lists(st.sampled_from([ACCOUNT, OTHER]), max_size=12),
        deleted=st.integers(0, 12),
        limit=st.integers(0, 13),
        offset=st.integers(0, 13),
    )
    @settings(max_examples=50)
    def page_is_a_slice(accounts: list[str], deleted: int, limit: int, offset: int) -> None:
        sessions = [a_session(account=account) for account in accounts]

        async def keep(tx: Transaction) -> list[str]:
            await tx.forget(None)
            for number, session in enumerate(sessions):
                if number == deleted:
                    await tx.forget(ACCOUNT)
                await tx.add_session(session)
            return [each.id for each in await tx.sessions(account=ACCOUNT, limit=limit, offset=offset)]

        kept = [
            session.id
            for number, session in enumerate(sessions)
            if session.account == ACCOUNT and (number >= deleted or deleted >= len(sessions))
        ]
        assert in_transaction(store, keep) == kept[::-1][offset : offset + limit]

    page_is_a_slice()
