"""Checkout sessions, from creation to payment or expiry."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.billing.entropy import Entropy, RandomBytes
from mockserver.billing.events import EventBus
from mockserver.billing.system_clock import TimeSource
from mockserver.domain.errors import AuthenticationRequired, CardDeclined, CheckoutError
from mockserver.domain.instant import EPOCH
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.order import DEFAULT_PLAN, Mode, Order
from mockserver.domain.session import (
    ID_LENGTH,
    LIFETIME,
    Attempt,
    CheckoutSession,
    SessionEvent,
    Status,
    session_id,
)

if TYPE_CHECKING:
    from mockserver.domain.card import Card, Outcome
    from mockserver.domain.clock import Clock
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.payment.buyer import Buyer
    from mockserver.store import AccountSummary, Store, Transaction

AUTHENTICATION_REQUIRED: Final = "authentication_required"


class Visit(NamedTuple):
    """A session in its present state, the time on its account's clock, and the account.

    `email` is the address of the account's latest buyer; a paid session may have an invoice.
    """

    session: CheckoutSession
    now: datetime
    account: AccountSummary
    email: str | None
    invoice: Invoice | None


class Checkout:
    """The use cases of checkout sessions."""

    def __init__(
        self,
        store: Store,
        real_time: TimeSource,
        *,
        lifetime: timedelta = LIFETIME,
        bus: EventBus | None = None,
        random_bytes: RandomBytes = os.urandom,
    ) -> None:
        self._store = store
        self._real_time = real_time
        self._bus = bus or EventBus()
        self._lifetime = lifetime
        self._random_bytes = random_bytes
        self._entropy = Entropy(ID_LENGTH, random_bytes)
        self._now, self._end = EPOCH, EPOCH + lifetime

    async def create(self, account: str, order: Order) -> CheckoutSession:
        """Create a pending session, and its account if that does not exist."""
        real_time = self._real_time()

        def create(clock: Clock, number: int | None) -> CheckoutSession:
            now = clock.now(real_time)
            return CheckoutSession(session_id(self._entropy.take(), number), account, order, now, self._expiry(now))

        session = await self._store.create_session(account, create)
        self._bus.publish_session(session)
        return session

    def _expiry(self, now: datetime) -> datetime:
        """The end of a session that is created now: one object for all sessions of a millisecond."""
        if now is not self._now:
            self._now, self._end = now, now + self._lifetime
        return self._end

    async def list(
        self, account: str, *, limit: int, offset: int, status: Status | None = None, part: str = ""
    ) -> Sequence[CheckoutSession]:
        """The account's sessions in their present state, newest first. A missing account is created.

        With `part`, those whose id contains it.
        """
        async with self._store.transaction() as tx:
            real_time = self._real_time()
            await tx.open_account(account)
            found = await tx.sessions(
                account=account, status=status, at=real_time, part=part, limit=limit, offset=offset
            )
            return await _present(tx, found, real_time)

    async def list_all(
        self, *, limit: int, offset: int, status: Status | None = None, part: str = ""
    ) -> Sequence[CheckoutSession]:
        """The sessions of all accounts in their present state, newest first."""
        async with self._store.transaction(exclusive=True) as tx:
            real_time = self._real_time()
            found = await tx.sessions(account=None, status=status, at=real_time, part=part, limit=limit, offset=offset)
            return await _present(tx, found, real_time)

    async def view(self, name: str) -> tuple[CheckoutSession, datetime]:
        """The session in its present state, and the time on its account's clock. Raises SessionNotFound."""
        async with self._store.transaction() as tx:
            return await self._load(tx, name)

    async def visit(self, name: str) -> Visit:
        """The session with what its page shows beside it. Raises SessionNotFound."""
        async with self._store.transaction() as tx:
            session, now = await self._load(tx, name)
            [account] = await tx.accounts(only=session.account, limit=1, offset=0)
            invoice = await tx.invoice_of(name) if session.status is Status.COMPLETED else None
            return Visit(session, now, account, await tx.email(session.account), invoice)

    async def pay(
        self, name: str, card: Card, *, authenticated: bool | None = None, buyer: Buyer | None = None
    ) -> CheckoutSession:
        """Pay a pending session. Its credits are on the account when this returns. The buyer is kept with the attempt.

        Raises SessionNotFound, SessionCompleted or SessionExpired. CardDeclined and AuthenticationRequired are raised
        after the attempt has been stored with the session.
        """
        async with self._store.transaction() as tx:
            session, now = await self._load(tx, name)
            refusal: CheckoutError | None = session.refusal(SessionEvent.PAY)
            is_open = refusal is None
            if is_open:
                outcome = card.attempt(now, authenticated=authenticated)
                refusal = _refusal(outcome)
                session = session.after(SessionEvent.PAY if refusal is None else SessionEvent.DECLINE, now)
                session = session.with_attempt(Attempt(now, card.last4, outcome.name, card.brand.name), buyer)
                await tx.put_session(session)
                if buyer is not None:
                    await tx.put_email(session.account, buyer.email)
                if refusal is None:
                    await _deliver(tx, session, now, self._random_bytes)
        if is_open:
            self._bus.publish_session(session)
        # raised after the transaction: the attempt or expiry that it stored must not be rolled back
        if refusal is not None:
            raise refusal
        self._bus.publish_account(session.account)
        return session

    async def cancel(self, name: str) -> CheckoutSession:
        """Cancel the payment of a pending session. The session stays pending. Raises as `pay` does."""
        return await self._apply(name, SessionEvent.CANCEL)

    async def expire(self, name: str) -> CheckoutSession:
        """Expire a pending session early. Raises as `pay` does."""
        return await self._apply(name, SessionEvent.EXPIRE)

    async def _apply(self, name: str, event: SessionEvent) -> CheckoutSession:
        async with self._store.transaction() as tx:
            session, now = await self._load(tx, name)
            refusal = session.refusal(event)
            if refusal is None:
                session = session.after(event, now)
                await tx.put_session(session)
        if refusal is not None:
            raise refusal
        self._bus.publish_session(session)
        return session

    async def _load(self, tx: Transaction, name: str) -> tuple[CheckoutSession, datetime]:
        stored = await tx.session(name)
        now = (await tx.clock(stored.account)).now(self._real_time())
        session = stored.at(now)
        if session is not stored:
            # an expiry that was reported once must hold even if the machine's time goes back
            await tx.put_session(session)
        return session, now


async def _present(
    tx: Transaction, sessions: Sequence[CheckoutSession], real_time: datetime
) -> Sequence[CheckoutSession]:
    """The sessions in their present state. An expiry that is reported is stored: it holds from then on."""
    times = {account: (await tx.clock(account)).now(real_time) for account in {each.account for each in sessions}}
    found = [stored.at(times[stored.account]) for stored in sessions]
    if expired := [each.id for each, stored in zip(found, sessions, strict=True) if each is not stored]:
        await tx.expire(expired)
    return found


async def expire_all_due(tx: Transaction, real_time: datetime) -> None:
    """Store as expired each session that is due by the clock of its account."""
    for account, clock in (await tx.own_clocks()).items():
        await tx.expire_due(account, clock.now(real_time))
    await tx.expire_followers((await tx.clock(None)).now(real_time))


async def _deliver(tx: Transaction, session: CheckoutSession, now: datetime, random_bytes: RandomBytes) -> None:
    from mockserver.domain.invoice import ID_LENGTH, Invoice, invoice_id  # not needed before the first payment

    order = session.order
    if order.microcredits:
        await tx.add_entry(CreditEntry.purchase(session, now))
    if order.mode is Mode.SUBSCRIPTION:
        await tx.put_plan(session.account, order.plan_id or DEFAULT_PLAN)
    email = await tx.email(session.account)
    if invoice := Invoice.of_session(session, invoice_id(random_bytes(ID_LENGTH)), now, email=email):
        await tx.add_invoice(invoice)


def _refusal(outcome: Outcome) -> CheckoutError | None:
    if outcome.is_paid:
        return None
    if outcome.name == AUTHENTICATION_REQUIRED:
        return AuthenticationRequired(outcome.message)
    return CardDeclined(outcome.message, decline_code=outcome.name)
