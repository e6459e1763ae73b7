"""A large state is loaded in few round trips."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mockserver.domain.session import CheckoutSession
from mockserver.store import Transaction, open_store
from mockserver.store.postgres.connection.link import DatabaseLink
from tests.builders import ACCOUNT, a_session, an_entry, an_invoice
from tests.store.conformance.contents import numbered_session
from tests.store.conformance.transactions import in_transaction
from tests.store.postgres_server import postgres_address


def test_statements_do_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"statements": 0, "round trips": 0}
    run = DatabaseLink.run

    async def counted(self: DatabaseLink, statements: Sequence[Any], *, seconds: float) -> Any:
        counts["statements"] += len(statements)
        counts["round trips"] += 1
        return await run(self, statements, seconds=seconds)

    async def restore(tx: Transaction) -> None:
        sessions = [a_session() for _ in range(900)]
        assert await tx.first_taken([each.id for each in sessions], []) is None
        bills = [an_invoice(session=each.id) for each in sessions]
        await tx.add_rows(ACCOUNT, sessions, [an_entry(session=each.id) for each in sessions], bills)

    with closing(open_store(postgres_address(tmp_path))) as store:
        monkeypatch.setattr(DatabaseLink, "run", counted)
        in_transaction(store, restore)
    assert counts["statements"] < 20
    assert counts["round trips"] < 10


def test_id_that_carries_its_number_is_found(tmp_path: Path) -> None:
    async def story(tx: Transaction) -> str | None:
        return await tx.first_taken([created.id], [])

    with closing(open_store(postgres_address(tmp_path))) as store:
        created: CheckoutSession = asyncio.run(store.create_session(ACCOUNT, numbered_session))
        assert in_transaction(store, story) == created.id
