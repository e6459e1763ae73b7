"""Accounts with their clocks, plans and auto recharge, as every store keeps them."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.identifier import account_of
from mockserver.domain.money import MICRO
from mockserver.domain.recharge import AutoRecharge
from mockserver.store import AccountSummary, Store, Transaction, open_store
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry
from tests.store.backends import BACKENDS
from tests.store.conformance.contents import STRANGE
from tests.store.conformance.transactions import in_failed_transaction, in_transaction

HOUR = timedelta(hours=1)


def test_accounts_are_listed_in_opening_order(store: Store) -> None:
    async def keep(tx: Transaction) -> tuple[object, ...]:
        await tx.open_account(OTHER)
        await tx.open_account(OTHER)
        await tx.add_session(a_session())
        await tx.add_entry(an_entry())
        return (
            list(await tx.accounts(limit=9, offset=0)),
            list(await tx.accounts(limit=1, offset=1)),
            list(await tx.accounts(only=OTHER, limit=9, offset=0)),
            list(await tx.accounts(newest_first=True, limit=9, offset=0)),
            list(await tx.accounts(newest_first=True, limit=9, offset=1)),
        )

    everyone, second, one, *newest = in_transaction(store, keep)
    other, mine = AccountSummary(OTHER, 0, 0), AccountSummary(ACCOUNT, 10 * MICRO, 1, last_activity=NOON)
    assert (everyone, second, one) == ([other, mine], [mine], [other])
    assert newest == [[mine, other], [other]]
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


def summaries(store: Store) -> list[AccountSummary]:
    return list(in_transaction(store, lambda tx: tx.accounts(limit=9, offset=0)))


def open_in(store: Store, way: str, account: str) -> None:
    """Create an account by a method of the store or of its transactions."""
    session = a_session(account=account)
    if way == "create_session":
        asyncio.run(store.create_session(account, lambda *_: session))
        return
    given = {"open_account": account, "add_session": session, "add_entry": an_entry(account=account)}[way]
    in_transaction(store, lambda tx: getattr(tx, way)(given))


@pytest.mark.parametrize("way", ["open_account", "add_session", "add_entry", "create_session"])
def test_account_has_the_hint_of_its_key_from_the_start(store: Store, way: str) -> None:
    account = store.key_hints.note("sk-a-long-key-that-ends-with-demo")
    open_in(store, way, account)
    in_transaction(store, lambda tx: tx.open_account(OTHER))
    assert {each.id: each.key_hint for each in summaries(store)} == {account: "sk-…demo", OTHER: None}


@pytest.mark.parametrize("way", ["open_account", "add_session", "create_session"])
@pytest.mark.parametrize("kind", [name for name, each in BACKENDS.items() if each.survives_reopening])
def test_account_without_a_hint_gets_it_when_its_key_is_seen(tmp_path: Path, kind: str, way: str) -> None:
    key = "sk-a-long-key-that-ends-with-demo"
    with closing(open_store(BACKENDS[kind].address(tmp_path))) as store:
        in_transaction(store, lambda tx: tx.open_account(account_of(key)))
        assert summaries(store)[0].key_hint is None
    with closing(open_store(BACKENDS[kind].address(tmp_path))) as store:
        open_in(store, way, store.key_hints.note(key))
        assert summaries(store)[0].key_hint == "sk-…demo"
    with closing(open_store(BACKENDS[kind].address(tmp_path))) as store:
        assert summaries(store)[0].key_hint == "sk-…demo"


def test_name_and_hint_are_stored_and_deleted_with_their_account(store: Store) -> None:
    async def keep(tx: Transaction) -> None:
        for account in (ACCOUNT, OTHER):
            await tx.open_account(account)
        await tx.put_key_hint(ACCOUNT, "sk-…demo")
        await tx.put_name(ACCOUNT, STRANGE)
        await tx.put_name(OTHER, "b")
        await tx.put_name(OTHER, None)

    in_transaction(store, keep)
    assert [(each.key_hint, each.name) for each in summaries(store)] == [("sk-…demo", STRANGE), (None, None)]
    in_transaction(store, lambda tx: tx.forget(ACCOUNT))
    in_transaction(store, lambda tx: tx.open_account(ACCOUNT))
    assert summaries(store) == [AccountSummary(OTHER, 0, 0), AccountSummary(ACCOUNT, 0, 0)]


def test_name_of_a_failed_transaction_is_not_stored(store: Store) -> None:
    in_transaction(store, lambda tx: tx.open_account(ACCOUNT))

    async def fail(tx: Transaction) -> None:
        await tx.put_name(ACCOUNT, "a")
        await tx.put_key_hint(ACCOUNT, "sk-…demo")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_transaction(store, fail)
    assert summaries(store) == [AccountSummary(ACCOUNT, 0, 0)]


def test_last_activity_is_the_newest_session_or_entry(store: Store) -> None:
    in_transaction(store, lambda tx: tx.add_session(a_session(created_at=NOON - HOUR)))
    assert summaries(store)[0].last_activity == NOON - HOUR
    in_transaction(store, lambda tx: tx.add_entry(an_entry(at=NOON)))
    assert summaries(store)[0].last_activity == NOON
    in_transaction(store, lambda tx: tx.add_session(a_session(created_at=NOON + HOUR)))
    assert summaries(store)[0].last_activity == NOON + HOUR


def test_email_of_the_latest_buyer_is_stored(store: Store) -> None:
    async def keep(tx: Transaction) -> list[str | None]:
        await tx.open_account(ACCOUNT)
        before = await tx.email(ACCOUNT)
        await tx.put_email(ACCOUNT, "a@b.example")
        await tx.put_email(ACCOUNT, STRANGE)
        return [before, await tx.email(ACCOUNT), await tx.email("acct_unknown")]

    async def drop(tx: Transaction) -> None:
        await tx.put_email(ACCOUNT, "c@d.example")

    assert in_transaction(store, keep) == [None, STRANGE, None]
    in_failed_transaction(store, drop)
    assert in_transaction(store, lambda tx: tx.email(ACCOUNT)) == STRANGE


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
