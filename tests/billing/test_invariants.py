"""Invariants of billing under random sequences of calls, clock moves, crashes and restarts."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from mockserver.billing import Accounts, AutoRecharges, Checkout, Clocks, Credit, Invoices
from mockserver.domain.card import Card
from mockserver.domain.errors import CardDeclined, ClockMovesBack, InsufficientCredits, SessionError
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.money import MICRO
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import LIFETIME, CheckoutSession, Status
from mockserver.store import Store, open_store
from tests.builders import ACCOUNT, OTHER, SettableClock, an_order
from tests.matrix import IS_LONG, few_examples
from tests.store.backends import BACKENDS

ACCOUNTS = (ACCOUNT, OTHER)
accounts = st.sampled_from(ACCOUNTS)
clock_owners = st.sampled_from([*ACCOUNTS, None])
spans = st.sampled_from([timedelta(), timedelta(milliseconds=1), timedelta(hours=1), LIFETIME / 2, LIFETIME])


class Crash(Exception):
    """Aborts a transaction."""


class Billing(RuleBasedStateMachine):
    """The real use cases beside a model of two accounts."""

    sessions = Bundle("sessions")
    kind = "memory"
    overdraft = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.crashes = 0
        self.real_time = SettableClock()
        self.owner: dict[str, str] = {}
        self.dollars: dict[str, int] = {}
        self.paid: set[str] = set()
        self.ended: set[str] = set()
        self.expires: dict[str, datetime] = {}
        self.balance = dict.fromkeys(ACCOUNTS, 0)
        self.recharge = dict.fromkeys(ACCOUNTS, AutoRecharge())
        self.invoiced: dict[str, list[int]] = {account: [] for account in ACCOUNTS}
        self.store: Store
        self.open()

    def open(self) -> None:
        self.store = open_store(BACKENDS[self.kind].address(self.store_folder()))
        self.checkout = Checkout(self.store, self.real_time)
        self.credit = Credit(self.store, self.real_time, overdraft=self.overdraft)
        self.clocks = Clocks(self.store, self.real_time)
        self.accounts = Accounts(self.store, self.real_time)
        self.invoices = Invoices(self.store)
        self.auto_recharges = AutoRecharges(self.store)

    def store_folder(self) -> Path:
        """The folder of the store between two crashes."""
        return Path(self.folder.name) / str(self.crashes)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def view(self, name: str) -> CheckoutSession:
        session, _ = asyncio.run(self.checkout.view(name))
        return session

    def expected(self, name: str) -> Status:
        """The status by the model alone: reading the real session may change it."""
        if name in self.paid:
            return Status.COMPLETED
        return Status.EXPIRED if name in self.ended else Status.PENDING

    def now(self, account: str | None) -> datetime:
        return asyncio.run(self.clocks.face(account)).now

    @rule(target=sessions, account=accounts, dollars=st.integers(1, 999_999))
    def create(self, account: str, dollars: int) -> str:
        session = asyncio.run(self.checkout.create(account, an_order(dollars=dollars)))
        assert session.id not in self.owner
        assert session.expires_at - session.created_at == LIFETIME
        self.owner[session.id], self.dollars[session.id] = account, dollars
        self.expires[session.id] = session.expires_at
        return session.id

    @rule(name=sessions)
    def pay(self, name: str) -> None:
        open_before = self.expected(name) is Status.PENDING
        try:
            asyncio.run(self.checkout.pay(name, Card.of("4242424242424242")))
        except SessionError:
            assert not open_before
        else:
            assert open_before
            self.paid.add(name)
            self.balance[self.owner[name]] += self.dollars[name] * MICRO
            self.invoiced[self.owner[name]].append(self.dollars[name] * 100)

    @rule(name=sessions)
    def decline(self, name: str) -> None:
        before = self.view(name)
        with pytest.raises((CardDeclined, SessionError)):
            asyncio.run(self.checkout.pay(name, Card.of("4000000000000002")))
        after = self.view(name)
        assert after.status is before.status
        assert len(after.attempts) == len(before.attempts) + (before.status is Status.PENDING)

    @rule(name=sessions)
    def cancel(self, name: str) -> None:
        if self.expected(name) is Status.PENDING:
            asyncio.run(self.checkout.cancel(name))
        else:
            with pytest.raises(SessionError):
                asyncio.run(self.checkout.cancel(name))

    @rule(name=sessions)
    def expire(self, name: str) -> None:
        if self.expected(name) is Status.PENDING:
            asyncio.run(self.checkout.expire(name))
            self.ended.add(name)
        else:
            with pytest.raises(SessionError):
                asyncio.run(self.checkout.expire(name))

    @rule(account=accounts, credits=st.integers(1, 5_000))
    def give(self, account: str, credits: int) -> None:
        asyncio.run(self.credit.give(account, credits))
        self.balance[account] += credits

    @rule(account=accounts, micro=st.integers(1, 5_000) | st.integers(1, 50).map(lambda credits: credits * MICRO))
    def consume(self, account: str, micro: int) -> None:
        before = asyncio.run(self.credit.usage(account)).used
        recharge, left = self.recharge[account], self.balance[account] - micro
        charged = recharge.enabled and left < recharge.threshold * MICRO
        bought = int(recharge.amount * MICRO) if charged else 0
        try:
            usage = asyncio.run(self.credit.consume(account, micro, category="indexing"))
        except InsufficientCredits:
            assert left + bought < 0
            assert not self.overdraft
            assert asyncio.run(self.credit.usage(account)).used == before
        else:
            assert self.overdraft or left + bought >= 0
            self.balance[account] = left + bought
            if bought:
                self.invoiced[account].append(bought * 100 // MICRO)
            assert usage.used == before + micro

    @rule(
        account=accounts,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "enabled": st.booleans(),
                "threshold": st.sampled_from([0, 0.5, 10, 1_000]),
                "amount": st.sampled_from([0, 1, 20.25]),
            },
        ),
    )
    def set_recharge(self, account: str, changes: dict[str, Any]) -> None:
        before = self.recharge[account]
        self.recharge[account] = AutoRecharge(
            enabled=changes.get("enabled", before.enabled),
            threshold=Decimal(str(changes.get("threshold", before.threshold))),
            amount=Decimal(str(changes.get("amount", before.amount))),
        )
        assert asyncio.run(self.auto_recharges.change(account, changes)) == self.recharge[account]

    @rule(account=accounts)
    def fail_half_way(self, account: str) -> None:
        async def half() -> None:
            async with self.store.transaction() as tx:
                await tx.add_entry(CreditEntry.grant(account, MICRO, self.real_time()))
                await tx.put_auto_recharge(account, AutoRecharge(enabled=True))
                raise Crash

        with pytest.raises(Crash):
            asyncio.run(half())

    @rule(by=spans)
    def time_passes(self, by: timedelta) -> None:
        self.real_time.advance(by)

    @rule(account=clock_owners, by=spans)
    def advance(self, account: str | None, by: timedelta) -> None:
        before = {each: self.now(each) for each in ACCOUNTS}
        asyncio.run(self.clocks.advance(account, by))
        for each in ACCOUNTS:
            moved = account in (each, None)
            assert self.now(each) == before[each] + (by if moved else timedelta())

    @rule(account=clock_owners, ahead=spans)
    def set_clock(self, account: str | None, ahead: timedelta) -> None:
        before = {each: self.now(each) for each in (*ACCOUNTS, None)}
        target = before[account] + ahead
        try:
            asyncio.run(self.clocks.set_to(account, target))
        except ClockMovesBack:
            assert account is None
            assert {each: self.now(each) for each in (*ACCOUNTS, None)} == before, "one was moved all the same"
        else:
            assert self.now(account) == target

    @rule(account=clock_owners, frozen=st.booleans())
    def freeze(self, account: str | None, frozen: bool) -> None:
        before = self.now(account)
        asyncio.run(self.clocks.freeze(account) if frozen else self.clocks.resume(account))
        assert self.now(account) == before

    @rule(account=clock_owners)
    def reset_clock(self, account: str | None) -> None:
        asyncio.run(self.clocks.reset(account))
        assert self.now(account) == (self.now(None) if account else self.real_time.now)

    @rule()
    def restart(self) -> None:
        before = {each: self.now(each) for each in (*ACCOUNTS, None)}
        if BACKENDS[self.kind].survives_reopening:
            self.store.close()
            self.open()
        assert {each: self.now(each) for each in (*ACCOUNTS, None)} == before

    @rule(account=accounts)
    def crash(self, account: str) -> None:
        """The process dies during a transaction. The next process opens the files of that moment, or the database."""
        if not BACKENDS[self.kind].survives_kill:
            return

        async def die() -> None:
            async with self.store.transaction() as tx:
                await tx.add_entry(CreditEntry.grant(account, MICRO, self.real_time()))
                if self.kind == "sqlite":
                    dead = self.store_folder()
                    self.crashes += 1
                    shutil.copytree(dead, self.store_folder())
                raise Crash

        with pytest.raises(Crash):
            asyncio.run(die())
        self.store.close()
        self.open()

    @invariant()
    def there_is_an_invoice_for_each_payment_and_recharge(self) -> None:
        for account in ACCOUNTS:
            listed = asyncio.run(self.invoices.list(account, limit=1000, offset=0))
            assert [invoice.cents for invoice in listed] == self.invoiced[account][::-1]
            assert asyncio.run(self.auto_recharges.settings(account)) == self.recharge[account]

    @invariant()
    def the_balance_is_the_sum_of_the_ledger(self) -> None:
        async def sums() -> dict[str, tuple[int, int]]:
            async with self.store.transaction() as tx:
                return {
                    account: (await tx.balance(account), sum(entry.microcredits for entry in await tx.entries(account)))
                    for account in ACCOUNTS
                }

        for account, (balance, total) in asyncio.run(sums()).items():
            assert balance == total == self.balance[account]
            assert self.overdraft or balance >= 0

    @invariant()
    def time_ends_sessions(self) -> None:
        """Expiry in the model. It reads no session, since reading could expire it."""
        now = {account: self.now(account) for account in ACCOUNTS}
        for name, owner in self.owner.items():
            if name not in self.paid and now[owner] >= self.expires[name]:
                self.ended.add(name)

    @rule(name=sessions)
    def look(self, name: str) -> None:
        session = self.view(name)
        assert session.account == self.owner[name]
        assert session.status is self.expected(name)

    @rule(account=accounts)
    def list(self, account: str) -> None:
        listed = asyncio.run(self.checkout.list(account, limit=1000, offset=0))
        mine = [name for name, owner in self.owner.items() if owner == account]
        assert [(session.id, session.status) for session in listed] == [
            (name, self.expected(name)) for name in reversed(mine)
        ]

    @rule()
    def list_all(self) -> None:
        listed = asyncio.run(self.checkout.list_all(limit=1000, offset=0))
        assert [(session.id, session.status) for session in listed] == [
            (name, self.expected(name)) for name in reversed(self.owner)
        ]


class BillingOnFile(Billing):
    """The same on a SQLite file, with restarts."""

    kind = "sqlite"


class BillingInPostgres(Billing):
    """The same in PostgreSQL, with restarts."""

    kind = "postgresql"


class BillingWithOverdraftOnFile(BillingOnFile):
    """The same with balances below zero."""

    overdraft = True


TestBilling = Billing.TestCase
TestBillingOnFile = BillingOnFile.TestCase
TestBillingInPostgres = BillingInPostgres.TestCase
TestBillingWithOverdraftOnFile = BillingWithOverdraftOnFile.TestCase
TestBilling.settings = settings(few_examples(25), stateful_step_count=30)
TestBillingOnFile.settings = settings(TestBilling.settings, max_examples=40 if IS_LONG else 10)
TestBillingInPostgres.settings = settings(TestBilling.settings, max_examples=3, stateful_step_count=20)
TestBillingWithOverdraftOnFile.settings = settings(TestBilling.settings, max_examples=20 if IS_LONG else 6)
