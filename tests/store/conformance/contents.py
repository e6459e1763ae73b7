"""A store with something of each kind, and all that can be read of it."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from decimal import Decimal

from mockserver.domain.clock import Clock
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import EntryKind
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.planned_fault import FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import Attempt, CheckoutSession, SessionEvent, session_id
from mockserver.store import CheckpointSummary, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry, an_invoice, an_order

STRANGE = 'a"\\b\x00é☃{}'
"""A text that some databases refuse or change."""
STRANGE_URL = f"https://\ud800/{STRANGE}"


def fill(store: Store) -> None:
    """Store something of each kind: accounts, clocks, sessions, entries, invoices, faults and settings."""
    paid = a_session(order=an_order(plan_id=STRANGE, dollars=10**30, success_url=STRANGE_URL))
    paid = paid.with_attempt(Attempt(NOON, "4242", STRANGE, STRANGE), Buyer(STRANGE, STRANGE, "DE", STRANGE))
    spent = PlannedFault("fault_2", Match("GET", STRANGE, OTHER), FixedAnswer(503, ((STRANGE, "x"),), b"\x00\xff"))

    async def keep(tx: Transaction) -> None:
        for session in (paid, a_session(), a_session(account=OTHER)):
            await tx.add_session(session)
        await tx.put_session(paid.after(SessionEvent.PAY, NOON))
        await tx.add_entry(an_entry(session=paid.id, credits=10**300))
        await tx.add_entry(an_entry(credits=-3, kind=EntryKind.CONSUMPTION, category=STRANGE, microunits=10**40))
        await tx.add_invoice(an_invoice(session=paid.id, description=STRANGE))
        await tx.add_invoice(an_invoice())
        await tx.put_plan(ACCOUNT, STRANGE)
        await tx.put_email(ACCOUNT, STRANGE)
        await tx.put_name(ACCOUNT, STRANGE)
        await tx.put_checkpoint(CheckpointSummary(STRANGE, OTHER, NOON, 1, 2), "{}")
        await tx.put_key_hint(OTHER, "sk-…demo")
        await tx.put_auto_recharge(OTHER, AutoRecharge(enabled=True, threshold=Decimal("0.1"), amount=Decimal(10**30)))
        await tx.put_clock(None, Clock(timedelta(hours=5)))
        await tx.put_clock(OTHER, Clock(timedelta(microseconds=-1), NOON))
        await tx.add_fault(PlannedFault("fault_1", Match(), FaultKind.RESET, timedelta(seconds=1), None, 0.25, -7))
        await tx.add_fault(spent)
        await tx.put_fault(spent.after_match()[0])

    async def run() -> None:
        async with store.transaction(exclusive=True) as tx:
            await keep(tx)
        await store.create_session(ACCOUNT, numbered_session)

    asyncio.run(run())


def numbered_session(_clock: Clock, number: int | None) -> CheckoutSession:
    """A new session whose id carries the number of its row."""
    return a_session()._replace(id=session_id(os.urandom(58), number))


def contents(store: Store) -> dict[str, object]:
    """All that can be read of a store, by kind."""

    async def look(tx: Transaction) -> dict[str, object]:
        sessions = await tx.sessions(account=None, limit=99, offset=0)
        of_accounts = {
            account: (
                await tx.balance(account),
                await tx.entries(account),
                await tx.ledger(account, limit=99, offset=0),
                await tx.consumed(account),
                await tx.consumed(account, month=month_start(NOON)),
                await tx.consumed_units(account),
                await tx.invoices(account, limit=99, offset=0),
                [each.id for each in await tx.sessions(account=account, limit=99, offset=0)],
                await tx.plan(account),
                await tx.email(account),
                await tx.auto_recharge(account),
                await tx.clock(account),
            )
            for account in (ACCOUNT, OTHER)
        }
        return {
            "accounts": list(await tx.accounts(limit=99, offset=0)),
            "of accounts": of_accounts,
            "sessions": list(sessions),
            "sessions by id": [await tx.session(each.id) for each in sessions],
            "clocks": (await tx.clock(None), await tx.own_clocks()),
            "checkpoints": [(each, await tx.checkpoint_document(each.name)) for each in await tx.checkpoints()],
            "faults": (list(await tx.faults()), list(await tx.faults(waiting=True))),
        }

    async def run() -> dict[str, object]:
        async with store.transaction(exclusive=True) as tx:
            return await look(tx)

    return asyncio.run(run())
