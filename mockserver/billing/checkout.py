"""A checkout session from its making to its end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from mockserver.billing.events import News
from mockserver.billing.system_clock import Wall
from mockserver.domain.errors import AuthenticationRequired, CardDeclined, CheckoutError
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.order import DEFAULT_PLAN, Mode, Order
from mockserver.domain.session import (
    ID_LENGTH,
    LIFETIME,
    Attempt,
    CheckoutSession,
    Event,
    Status,
    session_id,
)

if TYPE_CHECKING:
    from mockserver.domain.card import Card, Outcome
    from mockserver.store import Store, Transaction

AUTHENTICATION_REQUIRED: Final = "authentication_required"


class Checkout:
    """Creates, shows, pays, cancels and expires sessions."""

    def __init__(self, store: Store, wall: Wall, *, lifetime: timedelta = LIFETIME, news: News | None = None) -> None:
        self._store = store
        self._wall = wall
        self._news = news or News()
        self._lifetime = lifetime

    async def create(self, account: str, order: Order) -> CheckoutSession:
        """A new pending session; the account is made if need be."""
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._wall())
            session = CheckoutSession(
                id=session_id(os.urandom(ID_LENGTH)),
                account=account,
                order=order,
                created_at=now,
                expires_at=now + self._lifetime,
            )
            await tx.add_session(session)
        self._news.session(session)
        return session

    async def list(
        self, account: str, *, limit: int, offset: int, status: Status | None = None
    ) -> Sequence[CheckoutSession]:
        """The account's sessions as they stand now, newest first; the account is made if need be."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            await tx.expire_due(account, (await tx.clock(account)).now(self._wall()))
            return await tx.sessions(account=account, status=status, limit=limit, offset=offset)

    async def list_all(self, *, limit: int, offset: int, status: Status | None = None) -> Sequence[CheckoutSession]:
        """Everybody's sessions as they stand now, newest first."""
        async with self._store.transaction() as tx:
            await expire_all_due(tx, self._wall())
            return await tx.sessions(account=None, status=status, limit=limit, offset=offset)

    async def view(self, name: str) -> tuple[CheckoutSession, datetime]:
        """The session as it stands now, and the time on its account's clock; raises SessionNotFound."""
        async with self._store.transaction() as tx:
            return await self._look(tx, name)

    async def pay(self, name: str, card: Card, *, authenticated: bool | None = None) -> CheckoutSession:
        """Pay a pending session; its credits are on the account when this returns.

        Raises SessionNotFound, SessionCompleted or SessionExpired, and, with the attempt kept on the session's record,
        CardDeclined or AuthenticationRequired.
        """
        async with self._store.transaction() as tx:
            session, now = await self._look(tx, name)
            refusal: CheckoutError | None = session.refusal(Event.PAY)
            is_open = refusal is None
            if is_open:
                outcome = card.attempt(now, authenticated=authenticated)
                refusal = _refusal(outcome)
                session = session.after(Event.PAY if refusal is None else Event.DECLINE, now)
                session = session.attempted(Attempt(now, card.last4, outcome.name))
                await tx.put_session(session)
                if refusal is None:
                    await _deliver(tx, session, now)
        if is_open:
            self._news.session(session)
        # raised out here: what the transaction kept (an attempt, an expiry) stays kept
        if refusal is not None:
            raise refusal
        self._news.credits(session.account)
        return session

    async def cancel(self, name: str) -> CheckoutSession:
        """Turn back from a pending session, which stays pending; raises as `pay` does."""
        return await self._happen(name, Event.CANCEL)

    async def expire(self, name: str) -> CheckoutSession:
        """End a pending session before its time; raises as `pay` does."""
        return await self._happen(name, Event.EXPIRE)

    async def _happen(self, name: str, event: Event) -> CheckoutSession:
        async with self._store.transaction() as tx:
            session, now = await self._look(tx, name)
            refusal = session.refusal(event)
            if refusal is None:
                session = session.after(event, now)
                await tx.put_session(session)
        if refusal is not None:
            raise refusal
        self._news.session(session)
        return session

    async def _look(self, tx: Transaction, name: str) -> tuple[CheckoutSession, datetime]:
        kept = await tx.session(name)
        now = (await tx.clock(kept.account)).now(self._wall())
        session = kept.at(now)
        if session is not kept:
            # once seen expired it stays so, whatever the machine's time does later
            await tx.put_session(session)
        return session, now


async def expire_all_due(tx: Transaction, wall: datetime) -> None:
    """Keep as expired whatever is due by the clock of its account."""
    for account, clock in (await tx.own_clocks()).items():
        await tx.expire_due(account, clock.now(wall))
    await tx.expire_followers((await tx.clock(None)).now(wall))


async def _deliver(tx: Transaction, session: CheckoutSession, now: datetime) -> None:
    from mockserver.domain.invoice import ID_LENGTH, Invoice, invoice_id  # nothing is paid before the first answer

    order = session.order
    if order.microcredits:
        await tx.add_entry(CreditEntry.bought(session, now))
    if order.mode is Mode.SUBSCRIPTION:
        await tx.put_plan(session.account, order.plan_id or DEFAULT_PLAN)
    if invoice := Invoice.of_session(session, invoice_id(os.urandom(ID_LENGTH)), now):
        await tx.add_invoice(invoice)


def _refusal(outcome: Outcome) -> CheckoutError | None:
    if outcome.is_paid:
        return None
    if outcome.name == AUTHENTICATION_REQUIRED:
        return AuthenticationRequired(outcome.message)
    return CardDeclined(outcome.message, decline_code=outcome.name)
