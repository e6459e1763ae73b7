"""A database that is gone, silent or back again. Time limits are shortened where a test waits for one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import closing, nullcontext
from hashlib import blake2b
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.store import Store, Transaction, open_store
from mockserver.store.patience import patience
from mockserver.store.postgres import round_trips
from mockserver.store.postgres.connection import link
from mockserver.store.postgres.connection.link import quoted
from mockserver.store.postgres.connection.pool import MOST
from mockserver.store.postgres.sessions import batches
from tests.builders import ACCOUNT, an_entry
from tests.store.conformance.contents import numbered_session
from tests.store.conformance.transactions import in_failed_transaction, in_transaction
from tests.store.postgres.proxy import Proxy, running_proxy
from tests.store.postgres_server import changed_schema, schema_of, server_address


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with running_proxy() as running:
        yield running


@pytest.fixture
def store(proxy: Proxy, tmp_path: Path) -> Iterator[Store]:
    """A store behind the proxy, with an account."""
    with closing(open_store(proxy.address(schema_of(tmp_path)))) as opened:
        in_transaction(opened, lambda tx: tx.open_account(ACCOUNT))
        yield opened


async def _pay_in(tx: Transaction) -> None:
    await tx.add_entry(an_entry())


def test_transactions_are_refused_at_once_while_the_server_is_gone(
    store: Store, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.refuse()
    started = monotonic()
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match=r"^the store postgresql:.* cannot be used \(.+\); the next"):
            in_transaction(store, _pay_in)
        with pytest.raises(StoreUnavailable):
            asyncio.run(store.create_session(ACCOUNT, numbered_session))
    assert monotonic() - started < 2
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1, "the log has one line for one reason"


def test_transactions_go_on_by_themselves_when_the_server_is_back(store: Store, proxy: Proxy) -> None:
    proxy.refuse()
    with pytest.raises(StoreUnavailable):
        in_transaction(store, _pay_in)
    proxy.accept()
    in_transaction(store, _pay_in)
    created = asyncio.run(store.create_session(ACCOUNT, numbered_session))
    assert in_transaction(store, lambda tx: tx.session(created.id)) == created
    assert len(in_transaction(store, lambda tx: tx.entries(ACCOUNT))) == 1


def test_restart_of_an_idle_server_fails_no_transaction(store: Store, proxy: Proxy) -> None:
    async def several() -> None:
        await asyncio.gather(*(store.create_session(ACCOUNT, numbered_session) for _ in range(5)))

    asyncio.run(several())
    proxy.cut()
    asyncio.run(several())
    proxy.cut()
    in_transaction(store, _pay_in)
    assert len(in_transaction(store, lambda tx: tx.sessions(account=ACCOUNT, limit=99, offset=0))) == 10


def test_transaction_whose_connection_is_lost_half_way_stores_nothing(store: Store, proxy: Proxy) -> None:
    async def lose(tx: Transaction) -> None:
        await tx.add_entry(an_entry())
        await tx.entries(ACCOUNT)
        proxy.cut()

    with pytest.raises(StoreUnavailable):
        in_transaction(store, lose)
    assert in_transaction(store, lambda tx: tx.entries(ACCOUNT)) == []


def test_commit_whose_answer_is_lost_has_an_unknown_outcome(store: Store, proxy: Proxy) -> None:
    async def pay(tx: Transaction) -> None:
        await tx.add_entry(an_entry())
        await tx.entries(ACCOUNT)
        proxy.lose_answers()

    with pytest.raises(OutcomeUnknown, match="was lost while it stored the request"):
        in_transaction(store, pay)
    proxy.keep_answers()
    assert len(in_transaction(store, lambda tx: tx.entries(ACCOUNT))) == 1


@pytest.mark.parametrize("is_late", [False, True])
def test_commit_that_ends_with_a_shutdown_has_an_unknown_outcome(
    is_late: bool, store: Store, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_late:
        for module in (round_trips, batches):
            monkeypatch.setattr(module, "SECONDS", 0.5)
        proxy.hold_ends()
    changed_schema(
        tmp_path,
        "CREATE FUNCTION shut_down() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
        "CREATE CONSTRAINT TRIGGER shut_down AFTER INSERT ON entries"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shut_down()",
        "CREATE CONSTRAINT TRIGGER shut_down AFTER INSERT ON sessions"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shut_down()",
    )
    with pytest.raises(OutcomeUnknown):
        in_transaction(store, _pay_in)
    with pytest.raises(OutcomeUnknown):
        asyncio.run(store.create_session(ACCOUNT, numbered_session))


def test_new_session_whose_answer_is_lost_has_an_unknown_outcome(store: Store, proxy: Proxy) -> None:
    created = asyncio.run(store.create_session(ACCOUNT, numbered_session))
    proxy.lose_answers()
    with pytest.raises(OutcomeUnknown, match="was lost while it stored the request"):
        asyncio.run(store.create_session(ACCOUNT, numbered_session))
    proxy.keep_answers()
    _, older = in_transaction(store, lambda tx: tx.sessions(account=ACCOUNT, limit=9, offset=0))
    assert older == created


def test_read_whose_answer_is_lost_can_be_tried_again(store: Store, proxy: Proxy) -> None:
    async def read(tx: Transaction) -> None:
        await tx.entries(ACCOUNT)
        proxy.lose_answers()

    with pytest.raises(StoreUnavailable):
        in_transaction(store, read)
    proxy.keep_answers()
    assert in_transaction(store, lambda tx: tx.entries(ACCOUNT)) == []


def test_silent_server_is_given_up_in_time(store: Store, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (round_trips, batches):
        monkeypatch.setattr(module, "SECONDS", 0.3)
    proxy.freeze()
    started = monotonic()
    with pytest.raises(StoreUnavailable, match="in time"):
        in_transaction(store, _pay_in)
    with pytest.raises(StoreUnavailable):
        asyncio.run(store.create_session(ACCOUNT, numbered_session))
    assert monotonic() - started < 5
    proxy.thaw()
    in_transaction(store, _pay_in)


def test_new_session_behind_others_is_given_up_in_time(
    store: Store, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def seconds_of_one(delay: float) -> float:
        await asyncio.sleep(delay)
        started = monotonic()
        # only the first one was sent
        with pytest.raises(StoreUnavailable if delay else OutcomeUnknown):
            await store.create_session(ACCOUNT, numbered_session)
        return monotonic() - started

    async def one_after_the_other() -> list[float]:
        await store.create_session(ACCOUNT, numbered_session)
        proxy.freeze()
        return await asyncio.gather(*(seconds_of_one(delay) for delay in (0, 0.02, 0.4, 0.6)))

    monkeypatch.setattr(batches, "SECONDS", 0.8)
    assert max(asyncio.run(one_after_the_other())) < 1.2  # two batches would take 1.6


@pytest.fixture
def short_lock_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(link._SETTINGS, "lock_timeout", "200ms")


@pytest.mark.usefixtures("short_lock_timeout")  # before the store connects
def test_table_that_another_session_has_locked_leaves_no_doubt(store: Store, tmp_path: Path) -> None:
    with psycopg.connect(server_address()) as other:
        other.execute(f"LOCK TABLE {quoted(schema_of(tmp_path))}.sessions IN ACCESS EXCLUSIVE MODE".encode())
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            asyncio.run(store.create_session(ACCOUNT, numbered_session))
    asyncio.run(store.create_session(ACCOUNT, numbered_session))


@pytest.mark.parametrize("call", ["session", "entry"])
def test_lock_that_a_late_call_waits_for_leaves_no_doubt(store: Store, tmp_path: Path, call: str) -> None:
    async def late() -> None:
        with patience(0.5):
            if call == "session":
                await store.create_session(ACCOUNT, numbered_session)
            else:
                async with store.transaction() as tx:
                    await tx.add_entry(an_entry())

    asyncio.run(store.create_session(ACCOUNT, numbered_session))
    table = {"session": "sessions", "entry": "entries"}[call]
    with psycopg.connect(server_address()) as other:
        other.execute(f"LOCK TABLE {quoted(schema_of(tmp_path))}.{table} IN ACCESS EXCLUSIVE MODE".encode())
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            asyncio.run(late())
    asyncio.run(late())


def test_late_transactions_that_are_undone_leave_their_connection_usable(store: Store) -> None:
    async def read_and_fail() -> None:
        async with store.transaction() as tx:
            await tx.entries(ACCOUNT)
            raise LookupError

    async def story() -> None:
        with patience(0.5):
            for _ in range(9):  # psycopg prepares a statement at its first use, and forgets all with a ROLLBACK
                with pytest.raises(LookupError):
                    await read_and_fail()
                await store.create_session(ACCOUNT, numbered_session)

    asyncio.run(story())


def test_calls_of_one_request_are_given_up_together(store: Store, proxy: Proxy) -> None:
    async def three_calls() -> float:
        proxy.freeze()
        started = monotonic()
        with patience(0.5):
            for _ in range(3):
                with pytest.raises(StoreUnavailable):
                    await _open_account(store)
            with pytest.raises(StoreUnavailable):
                await store.create_session(ACCOUNT, numbered_session)
        return monotonic() - started

    assert asyncio.run(three_calls()) < 1.5  # each by itself would take 4 s


@pytest.fixture
def role(proxy: Proxy, tmp_path: Path) -> Iterator[str]:
    """A user of this test alone."""
    name = f"role_{blake2b(str(tmp_path).encode(), digest_size=4).hexdigest()}"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN SUPERUSER PASSWORD '{proxy.password}'".encode())
        yield name
        connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


def test_database_that_was_read_only_for_a_while_is_written_again(proxy: Proxy, role: str, tmp_path: Path) -> None:
    def change_role(change: str) -> None:
        with psycopg.connect(server_address(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {role} {change}".encode())

    async def use(store: Store, *, fails: bool) -> None:
        for _ in range(3):
            blocks = [store.transaction() for _ in range(3)]  # several connections
            for number, block in enumerate(blocks):
                tx = await block.__aenter__()
                await tx.plan(f"acct_{number}")
            for block in blocks:
                await block.__aexit__(None, None, None)
            with pytest.raises(StoreUnavailable, match="read-only") if fails else nullcontext():
                await store.create_session(ACCOUNT, numbered_session)

    with closing(open_store(proxy.address(schema_of(tmp_path), user=role))) as store:
        asyncio.run(use(store, fails=False))
        change_role("SET default_transaction_read_only = on")
        proxy.cut()  # the default holds for new connections
        asyncio.run(use(store, fails=True))
        change_role("RESET default_transaction_read_only")
        asyncio.run(use(store, fails=False))


def test_transaction_waits_a_limited_time_for_a_connection(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def all_in_use() -> None:
        blocks = [store.transaction() for _ in range(MOST)]
        for number, block in enumerate(blocks):
            tx = await block.__aenter__()
            await tx.open_account(f"acct_{number}")
        monkeypatch.setattr(round_trips, "SECONDS", 0.1)
        with pytest.raises(StoreUnavailable, match="its 10 connections are in use; try again"):
            await asyncio.wait_for(_open_account(store), 3)
        monkeypatch.undo()
        waiting = asyncio.create_task(_open_account(store))
        await asyncio.sleep(0)
        for block in blocks:
            await block.__aexit__(None, None, None)
        await waiting

    asyncio.run(all_in_use())
    assert in_transaction(store, lambda tx: tx.has_account("acct_9"))


def test_transactions_share_the_connections_that_the_database_gives(proxy: Proxy, role: str, tmp_path: Path) -> None:
    async def all_at_once(store: Store) -> None:
        await asyncio.gather(*(_open_account(store, f"acct_{number}") for number in range(40)))

    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {role} NOSUPERUSER CONNECTION LIMIT 3".encode())
        connection.execute(f"GRANT CREATE ON DATABASE {quoted(connection.info.dbname)} TO {role}".encode())
    with closing(open_store(proxy.address(schema_of(tmp_path), user=role))) as store:
        asyncio.run(all_at_once(store))
        assert in_transaction(store, lambda tx: tx.has_account("acct_39"))


async def _open_account(store: Store, account: str = ACCOUNT) -> None:
    async with store.transaction() as tx:
        await tx.open_account(account)


def test_transactions_one_after_the_other_share_a_connection(store: Store, proxy: Proxy) -> None:
    before = proxy.accepted
    for _ in range(3):
        in_transaction(store, _pay_in)
        in_failed_transaction(store, _pay_in)
        asyncio.run(store.create_session(ACCOUNT, numbered_session))
    assert proxy.accepted == before
