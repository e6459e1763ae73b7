from __future__ import annotations

import asyncio
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.instant import milliseconds
from mockserver.domain.invoice import Invoice
from mockserver.domain.money import MICRO
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import CheckoutSession, Status, session_id
from mockserver.store import StoreInUse, StoreTooNew, StoreUnusable, open_store
from mockserver.store.codec import encode_session
from mockserver.store.opening import FORMS
from mockserver.store.sqlite.schema import APPLICATION_ID, MIGRATIONS, ExactSum
from tests.builders import ACCOUNT, OTHER, a_session, an_entry


def address(path: Path) -> str:
    return f"sqlite:///{path}"


def test_stored_data_survives_closing_and_opening(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "store.db"
    session = a_session()

    async def keep() -> None:
        store = open_store(address(path))
        async with store.transaction() as tx:
            await tx.add_session(session)
            await tx.add_entry(an_entry(session=session.id))
            await tx.put_clock(ACCOUNT, Clock(timedelta(hours=5)))
        secret = store.secret
        store.close()
        again = open_store(address(path))
        async with again.transaction() as tx:
            assert await tx.session(session.id) == session
            assert len(await tx.entries(ACCOUNT)) == 1
            assert await tx.clock(ACCOUNT) == Clock(timedelta(hours=5))
        assert again.secret == secret
        again.close()

    asyncio.run(keep())


def test_store_in_use_is_refused_in_one_sentence(tmp_path: Path) -> None:
    first = open_store(address(tmp_path / "store.db"))
    with pytest.raises(StoreInUse, match="in use by another server"):
        open_store(address(tmp_path / "store.db"))
    first.close()
    open_store(address(tmp_path / "store.db")).close()


def test_newer_store_is_refused(tmp_path: Path) -> None:
    open_store(address(tmp_path / "store.db")).close()
    db = sqlite3.connect(tmp_path / "store.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreTooNew, match="version 99"):
        open_store(address(tmp_path / "store.db"))


def test_migration_adds_invoices_of_paid_sessions(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    db = sqlite3.connect(path)
    db.executescript(f"{MIGRATIONS[0]}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")
    huge = Order(Mode.PAYMENT, None, Decimal(10**30), 10**32, 10**36)
    sold = [a_session(status=Status.COMPLETED), a_session(order=huge, status=Status.COMPLETED)]
    for session in (*sold, a_session()):
        db.execute(
            "INSERT INTO sessions (id, account, status, created_ms, expires_ms, record) VALUES (?, ?, ?, 0, 0, ?)",
            (session.id, ACCOUNT, session.status.value, encode_session(session.order, ())),
        )
    for at, session in enumerate(sold):
        db.execute(
            "INSERT INTO entries (account, kind, microcredits, at_ms, session) VALUES (?, 'purchase', ?, ?, ?)",
            (ACCOUNT, str(session.order.microcredits), at, session.id),
        )
    db.commit()
    db.close()

    async def found() -> list[Invoice]:
        store = open_store(address(path))
        async with store.transaction() as tx:
            invoices = await tx.invoices(ACCOUNT, limit=10, offset=0)
        store.close()
        return list(invoices)

    invoices = asyncio.run(found())
    assert [(each.session, each.cents, each.microcredits) for each in invoices] == [
        (session.id, session.order.cents, session.order.microcredits) for session in reversed(sold)
    ]
    assert [milliseconds(each.created_at) for each in invoices] == [1, 0]
    assert all(re.fullmatch("in_[a-z0-9]{24}", each.id) for each in invoices)


def test_migration_keeps_the_entries_of_a_file_without_units(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    db = sqlite3.connect(path)
    db.executescript(f"{''.join(MIGRATIONS[:3])}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 3;")
    db.execute("INSERT INTO accounts (id, balance) VALUES (?, '-1')", (ACCOUNT,))
    db.execute(
        "INSERT INTO entries (account, kind, microcredits, at_ms, category) VALUES (?, 'consumption', '-1', 0, 'llm')",
        (ACCOUNT,),
    )
    db.commit()
    db.close()

    async def found() -> tuple[object, object, int]:
        store = open_store(address(path))
        async with store.transaction() as tx:
            counts = await tx.consumed(ACCOUNT), await tx.consumed_units(ACCOUNT), await tx.balance(ACCOUNT)
        store.close()
        return counts

    assert asyncio.run(found()) == ({"llm": 1}, {}, -1)


def test_migration_numbers_rows_and_sums_consumption_by_month(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    db = sqlite3.connect(path)
    db.executescript(f"{';'.join(MIGRATIONS[:4])}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 4;")
    february = milliseconds(datetime(2032, 2, 1, tzinfo=UTC))
    sessions = [a_session(account=account) for account in (ACCOUNT, OTHER, ACCOUNT, OTHER, ACCOUNT)]
    for session in sessions:
        db.execute(
            "INSERT INTO sessions (id, account, status, created_ms, expires_ms, record) VALUES (?, ?, ?, 0, 0, ?)",
            (session.id, session.account, session.status.value, encode_session(session.order, ())),
        )
    for at, microcredits, category, microunits in (
        (february - 1, -(10**30), "llm", "5"),
        (february, -1, "llm", None),
        (february, 0, "dubbing", "0"),
        (february, -4, None, None),
    ):
        db.execute(
            "INSERT INTO entries (account, kind, microcredits, at_ms, category, microunits)"
            " VALUES (?, 'consumption', ?, ?, ?, ?)",
            (ACCOUNT, str(microcredits), at, category, microunits),
        )
    db.execute("INSERT INTO entries (account, kind, microcredits, at_ms) VALUES (?, 'grant', '9', 0)", (ACCOUNT,))
    db.commit()
    db.close()

    async def found() -> tuple[object, ...]:
        store = open_store(address(path))
        async with store.transaction() as tx:
            await tx.add_session(newest := a_session())
            page = await tx.sessions(account=ACCOUNT, limit=2, offset=1)
            result = (
                [session.id for session in page],
                (await tx.sessions(account=ACCOUNT, limit=1, offset=0))[0].id == newest.id,
                await tx.consumed(ACCOUNT),
                await tx.consumed(ACCOUNT, month=datetime(2032, 2, 1, tzinfo=UTC)),
                await tx.consumed_units(ACCOUNT),
            )
        store.close()
        return result

    assert asyncio.run(found()) == (
        [sessions[4].id, sessions[2].id],
        True,
        {"llm": 10**30 + 1, "dubbing": 0, "": 4},
        {"llm": 1, "dubbing": 0, "": 4},
        {"llm": 5, "dubbing": 0},
    )


def test_migration_finds_sessions_by_the_ids_they_had(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    db = sqlite3.connect(path)
    db.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]  # typeshed knows sums of int alone
    db.executescript(f"{';'.join(MIGRATIONS[:5])}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 5;")
    old = a_session(status=Status.COMPLETED)
    db.execute(
        "INSERT INTO sessions (id, account, status, created_ms, expires_ms, record, number)"
        " VALUES (?, ?, ?, 0, 0, ?, 1)",
        (old.id, ACCOUNT, old.status.value, encode_session(old.order, ())),
    )
    db.commit()
    db.close()

    async def names() -> list[str]:
        store = open_store(address(path))
        new = await store.create_session(
            ACCOUNT, lambda _, number: a_session()._replace(id=session_id(bytes(58), number))
        )
        async with store.transaction() as tx:
            page = await tx.sessions(account=ACCOUNT, limit=9, offset=0)
            assert [session.id for session in page] == [new.id, old.id]
            found = [(await tx.session(name)).id for name in (new.id, old.id)]
        store.close()
        return found

    assert asyncio.run(names())[1] == old.id


def test_file_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "other.db")
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        open_store(address(tmp_path / "other.db"))
    assert (tmp_path / "other.db").read_bytes() == before


def test_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello " * 1000)
    with pytest.raises(StoreUnusable, match="not a database"):
        open_store(address(tmp_path / "text.db"))


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        open_store(address(tmp_path))


def test_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        open_store(address(tmp_path / "file" / "store.db"))


@pytest.mark.parametrize("text", ["", "redis://x", "sqlite:///", "sqlite:/x", "Memory", "memory:x", "mysql://x"])
def test_unknown_address_is_refused_with_known_forms(text: str) -> None:
    with pytest.raises(StoreUnusable, match=re.escape(FORMS)):
        open_store(text)


def test_relative_address_is_relative_to_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///rel.db").close()
    assert (tmp_path / "rel.db").is_file()


def test_tilde_is_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    open_store("sqlite:///~/mine.db").close()
    assert (tmp_path / "mine.db").is_file()


def test_migration_numbers_entries_and_keeps_the_balance_after_each(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    db = sqlite3.connect(path)
    db.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]  # typeshed knows sums of int alone
    db.executescript(f"{';'.join(MIGRATIONS[:7])}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 7;")
    for account, microcredits in ((ACCOUNT, 10**30), (OTHER, 5), (ACCOUNT, -1), (ACCOUNT, 3)):
        db.execute(
            "INSERT INTO entries (account, kind, microcredits, at_ms) VALUES (?, 'grant', ?, 0)",
            (account, str(microcredits)),
        )
    db.execute("INSERT INTO accounts (id, balance) VALUES (?, ?)", (ACCOUNT, str(10**30 + 2)))
    db.commit()
    db.close()

    async def found() -> list[tuple[int, int]]:
        store = open_store(address(path))
        async with store.transaction() as tx:
            await tx.add_entry(an_entry(credits=1))
            rows = await tx.ledger(ACCOUNT, limit=9, offset=0)
        store.close()
        return [(row.number, row.balance) for row in rows]

    total = 10**30 + 2
    assert asyncio.run(found()) == [(4, total + MICRO), (3, total), (2, 10**30 - 1), (1, 10**30)]


def test_session_of_an_older_file_has_neither_buyer_nor_brands(tmp_path: Path) -> None:
    path, session = tmp_path / "store.db", a_session()
    db = sqlite3.connect(path)
    db.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]  # typeshed knows sums of int alone
    db.executescript(f"{';'.join(MIGRATIONS[:7])}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 7;")
    record = '["payment", null, "50", 5000, 50000000, null, null, [[0, "0002", "generic_decline"]]]'
    db.execute(
        "INSERT INTO sessions (id, account, status, created_ms, expires_ms, record, number, indexed)"
        " VALUES (?, ?, 'pending', 0, 1, ?, 1, 1)",
        (session.id, ACCOUNT, record),
    )
    db.execute("INSERT INTO accounts (id) VALUES (?)", (ACCOUNT,))
    db.commit()
    db.close()

    async def found() -> tuple[CheckoutSession, str | None]:
        store = open_store(address(path))
        async with store.transaction() as tx:
            result = await tx.session(session.id), await tx.email(ACCOUNT)
        store.close()
        return result

    old, email = asyncio.run(found())
    assert (old.buyer, email, [each.card_brand for each in old.attempts]) == (None, None, [""])
