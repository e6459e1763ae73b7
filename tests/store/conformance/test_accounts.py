"""Accounts with their clocks, plans and auto recharge, as every store keeps them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from mockserver.domain.clock import Clock
from mockserver.domain.money import MICRO
from mockserver.domain.recharge import AutoRecharge
from mockserver.store import AccountSummary, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry
from tests.store.conformance.transactions import in_transaction

HOUR = timedelta(hours=1)


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
