"""A store and a journal that are full."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import httpx

from mockserver.domain.identifier import account_of
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import LIFETIME, CheckoutSession
from mockserver.store import open_store

AT_ONCE: Final = 1_000
"""The rows of a transaction."""
EXCHANGES_OF_AN_ACCOUNT: Final = 10
ORDER: Final = Order(Mode.PAYMENT, None, Decimal(50), 5_000, 50_000_000)


def key(number: int) -> str:
    """The API key of an account."""
    return f"sk-bench-{number}"


async def fill_store(address: str, *, accounts: int, sessions: int) -> None:
    """Add accounts, and pending sessions to them in turn."""
    now = datetime.now(UTC)
    names = [account_of(key(number)) for number in range(accounts)]
    with closing(open_store(address)) as store:
        for first in range(0, sessions, AT_ONCE):
            async with store.transaction() as tx:
                for name in names if first == 0 else ():
                    await tx.open_account(name)
                for number in range(first, min(first + AT_ONCE, sessions)):
                    created = now + timedelta(milliseconds=number - sessions)
                    session_id = f"cs_test_{number:058}"
                    session = CheckoutSession(session_id, names[number % accounts], ORDER, created, created + LIFETIME)
                    await tx.add_session(session)


async def fill_journal(url: str, *, accounts: int, exchanges: int) -> None:
    """Send requests of the accounts; each twentieth violates the contract."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        for first in range(0, exchanges, 20):
            requests = (_send(client, number, key(number % accounts)) for number in range(first, first + 20))
            await asyncio.gather(*requests)


async def _send(client: httpx.AsyncClient, number: int, api_key: str) -> None:
    headers = {"x-access-token": api_key}
    if number % 20:
        await client.get("/billing/usage", headers=headers)
    else:
        await client.post("/billing/checkout", headers=headers, json={"amount": "50"})
