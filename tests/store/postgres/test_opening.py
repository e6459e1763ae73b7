"""Addresses of PostgreSQL, and the start of one or more servers on a schema."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from mockserver.domain.ledger import CreditEntry
from mockserver.store import Store, StoreTooNew, StoreUnusable, open_store
from mockserver.store.opening import without_password
from mockserver.store.postgres import preparation, schema
from mockserver.store.postgres.connection.address import parse_address
from mockserver.store.postgres.schema import STEPS
from tests.builders import NOON
from tests.store.conformance.contents import contents, fill
from tests.store.postgres_server import changed_schema, locked_steps, postgres_address, schema_of, server_address

PASSWORD = "tell-nobody"


def refusal_of(address: str) -> str:
    with pytest.raises(StoreUnusable) as refusal:
        open_store(address)
    return str(refusal.value)


def with_server(path_and_query: str, *, user: str = "") -> str:
    """An address of the server of the tests with another user, database or query."""
    with psycopg.connect(server_address()) as connection:
        info = connection.info
        host, port = quote(info.host, safe=""), info.port
        own = f"{info.user}:{quote(info.password, safe='')}@" if info.password else f"{info.user}@"
    return f"postgresql://{user or own}{host}:{port}/{path_and_query}"


@contextmanager
def first_answer(answer: bytes) -> Iterator[int]:
    """The port of a server that gives this answer to the first message of a client."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(100)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_name_of_a_store_has_its_user_and_schema_and_no_password() -> None:
    address = parse_address(f"postgresql://me%40work:{PASSWORD}@db.example:5433/mock?schema=it&sslpassword={PASSWORD}")
    assert address.name == "postgresql://me%40work@db.example:5433/mock?schema=it"
    assert address.schema == "it"
    assert address.parameters["password"] == PASSWORD


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://", "postgresql:///?schema=mockserver"),
        ("postgresql://me@[::1]:5433/mock", "postgresql://me@[::1]:5433/mock?schema=mockserver"),
        ("postgresql://a:1,b:2/mock", "postgresql://a:1,b:2/mock?schema=mockserver"),
        ("postgresql:///mock?host=a,b&port=7", "postgresql://a:7,b:7/mock?schema=mockserver"),
        ("postgresql:///mock?host=/run/pg", "postgresql://%2Frun%2Fpg/mock?schema=mockserver"),
    ],
)
def test_name_of_a_store_is_an_address_itself(address: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [each for each in os.environ if each.startswith("PG")]:
        monkeypatch.delenv(variable)
    assert parse_address(address).name == name
    assert parse_address(name).name == name


def test_name_of_a_store_has_what_variables_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("PGUSER", "me")
    assert parse_address("postgresql:///mock").name == "postgresql://me@db.example/mock?schema=mockserver"
    assert parse_address("postgresql://you@db/mock").name == "postgresql://you@db/mock?schema=mockserver"
    monkeypatch.setenv("PGSERVICE", "elsewhere")
    assert parse_address("postgresql:///mock").name == "postgresql:///mock?schema=mockserver"


def test_unknown_parameter_is_named() -> None:
    sentence = refusal_of(f"postgresql://me:{PASSWORD}@db/mock?pool=3")
    assert sentence.startswith("the address of the store has the unknown parameter 'pool'; ")


@pytest.mark.parametrize("seconds", ["0", "-1", "", "1.5", "soon", "\N{ARABIC-INDIC DIGIT FOUR}", "1000"])
def test_start_without_a_limit_of_its_time_is_refused(seconds: str) -> None:
    sentence = refusal_of(f"postgresql://me:{PASSWORD}@db/mock?connect_timeout={quote(seconds)}")
    assert sentence == f"connect_timeout of the store is {seconds!r}; 1 to 999 seconds are needed"


def test_missing_socket_is_named(tmp_path: Path) -> None:
    sentence = refusal_of(f"postgresql:///mock?host={tmp_path}&port=5432")
    assert sentence.endswith(f"cannot be opened: No such file or directory ({tmp_path}/.s.PGSQL.5432)")


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{PASSWORD}@x@db/mock",
        f"postgresql://me:{PASSWORD}/x@db/mock",
        f"postgresql://me:{PASSWORD}?x@db/mock",
        f"postgresql://me:{PASSWORD}#%@db/mock",
        f"postgresql://me:{PASSWORD}@db:port/mock",
        f"postgresql://me:{PASSWORD}@db/mock?pool=3",
        f"postgresql://me:{PASSWORD}@db/mock?schema",
        f"postgresql://me:{PASSWORD}@db/mock?schema=",
        f"postgresql://me:{PASSWORD}@db/mock?schema=a&schema=b",
        f"postgresql://me:{PASSWORD}@db/mock?schema={'long' * 16}",
        f"postgresql://me:{PASSWORD}@db/mock?schema=%00",
        f"postgresql://me:{PASSWORD}@db/mock?schema=pg_mine",
        f"postgresql://me:{PASSWORD}@db/mock?schema=%ff",
        f"postgresql:me:{PASSWORD}@db",
        f"postgre://me:{PASSWORD}@db/mock",
        f"postgresql+psycopg://me:{PASSWORD}@db/mock",
        f"POSTGRESQL://me:{PASSWORD}@db/mock",
        f" postgresql://me:{PASSWORD}@db/mock",
        f"me:{PASSWORD}@db/mock",
        f"host=db user=me password={PASSWORD}",
        f"host=db user=me password = 'x\\' {PASSWORD}' dbname=mock",
    ],
)
def test_invalid_address_is_refused_without_its_password(address: str) -> None:
    sentence = refusal_of(address)
    assert "nobody" not in sentence
    assert re.search(
        "its form is postgresql://|bytes is needed|unknown store|unknown parameter|begin with pg_", sentence
    )
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("memory", "memory"),
        ("sqlite:////a/b@c.db", "sqlite:////a/b@c.db"),
        ("postgresql://db:5432/mock", "postgresql://db:5432/mock"),
        ("postgresql://me:secret@db:5432/mock?schema=x", "postgresql://me:***@db:5432/mock?schema=x"),
        ("postgresql://me:se@/:cr?et@db/mock", "postgresql://me:***@db/mock"),
        ("postgresql://db/mock?user=me&password=secret&schema=x", "postgresql://db/mock?user=me&password=***&schema=x"),
    ],
)
def test_address_is_displayed_without_its_password(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_refused_connection_is_one_sentence() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"postgresql://me:{PASSWORD}@127.0.0.1:{unused.getsockname()[1]}/mock"
        sentence = refusal_of(address)
    assert sentence.endswith("/mock?schema=mockserver cannot be opened: Connection refused")
    assert PASSWORD not in sentence


def test_unknown_host_is_one_sentence() -> None:
    sentence = refusal_of("postgresql://no-such-host.invalid/mock")
    assert "cannot be opened: failed to resolve host 'no-such-host.invalid'" in sentence


def test_refused_encryption_is_one_sentence() -> None:
    with first_answer(b"N") as port:
        sentence = refusal_of(f"postgresql://me:{PASSWORD}@127.0.0.1:{port}/mock?sslmode=require")
    assert sentence.endswith("server does not support SSL, but SSL was required")
    assert PASSWORD not in sentence


def test_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/mock"
        assert refusal_of(address).endswith("timeout expired")


def test_wrong_password_is_one_sentence() -> None:
    message = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "me"\0\0'
    with first_answer(b"E" + (len(message) + 4).to_bytes(4, "big") + message) as port:
        sentence = refusal_of(f"postgresql://me:{PASSWORD}@127.0.0.1:{port}/mock?sslmode=disable")
    assert sentence.endswith('cannot be opened: password authentication failed for user "me"')
    assert PASSWORD not in sentence


def test_missing_database_is_one_sentence() -> None:
    assert refusal_of(with_server("no_such_database")).endswith('database "no_such_database" does not exist')


def test_missing_rights_are_one_sentence() -> None:
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS powerless")
        connection.execute(f"CREATE ROLE powerless LOGIN PASSWORD '{PASSWORD}'".encode())
        database = connection.info.dbname
    sentence = refusal_of(with_server(quote(database), user=f"powerless:{PASSWORD}@"))
    assert sentence.endswith("cannot be created: the user may create no schema in the database")
    assert PASSWORD not in sentence


def test_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mockserver.store.postgres.store", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [name for name in sys.modules if name.startswith("mockserver.store.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    assert "[postgres]'" in refusal_of("postgresql://db/mock")


def test_schema_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    schema = schema_of(tmp_path)
    quoted = schema.replace('"', '""')
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{quoted}"'.encode())
        connection.execute(f'CREATE TABLE "{quoted}".sessions (x int)'.encode())
        assert "tables of another program" in refusal_of(postgres_address(tmp_path))
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
    assert tables == [("sessions",)]


def test_store_changes_nothing_outside_its_schema(tmp_path: Path) -> None:
    everything = (
        "SELECT nspname, relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace"
        " WHERE nspname NOT LIKE 'pg_%' AND nspname NOT LIKE 'Test %' ORDER BY 1, 2"
    )
    with psycopg.connect(server_address(), autocommit=True) as connection:
        before = connection.execute(everything).fetchall()
        store = open_store(postgres_address(tmp_path))
        fill(store)
        store.close()
        assert connection.execute(everything).fetchall() == before


def test_servers_that_start_at_once_share_one_schema(tmp_path: Path) -> None:
    address = postgres_address(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [address] * 4))
    assert len({store.secret for store in stores}) == 1
    fill(stores[0])
    assert all(contents(store) == contents(stores[0]) for store in stores)
    for store in stores:
        store.close()


def test_steps_that_a_schema_has_are_not_applied_again(tmp_path: Path) -> None:
    open_store(postgres_address(tmp_path)).close()
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, f"UPDATE mockserver_steps SET done = {len(STEPS) + 1}")
    with pytest.raises(StoreTooNew, match=f"version {len(STEPS) + 1}"):
        open_store(postgres_address(tmp_path))


def test_step_numbers_entries_and_keeps_the_balance_after_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "STEPS", schema.STEPS[:3])
        open_store(postgres_address(tmp_path)).close()
    changed_schema(
        tmp_path,
        "INSERT INTO accounts (id, balance) VALUES ('acct_1', 7), ('acct_2', 5)",
        "INSERT INTO entries (account, kind, microcredits, at_ms)"
        " VALUES ('acct_1', 'grant', 10, 0), ('acct_2', 'grant', 5, 0), ('acct_1', 'grant', -3, 0)",
    )
    store = open_store(postgres_address(tmp_path))

    async def rows() -> list[tuple[int, int]]:
        async with store.transaction() as tx:
            await tx.add_entry(CreditEntry.grant("acct_1", 1, NOON))
            return [(row.number, row.balance) for row in await tx.ledger("acct_1", limit=9, offset=0)]

    assert asyncio.run(rows()) == [(3, 8), (2, 7), (1, 10)]
    store.close()


def test_defaults_of_the_user_end_no_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "STEPS", (f"{STEPS[0]}; SELECT pg_sleep(0.3)", *STEPS[1:]))
    store = open_store(f"{postgres_address(tmp_path)}&options={quote('-c statement_timeout=200ms -c array_nulls=off')}")
    fill(store)
    assert contents(store)
    store.close()


def test_start_that_waits_for_a_lock_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_store(postgres_address(tmp_path)).close()
    monkeypatch.setattr(preparation, "LOCK_SECONDS", 1)
    monkeypatch.setattr(preparation, "LATE_SECONDS", 0.2)
    with locked_steps(tmp_path):
        sentence = refusal_of(postgres_address(tmp_path))
    assert sentence.endswith(
        "another session has locked it for 1 s, or applies the steps of a new version; see pg_locks"
    )
    assert "lets the start wait; another session may have locked it" in caplog.text
    open_store(postgres_address(tmp_path)).close()


def test_isolation_of_the_database_does_not_matter(tmp_path: Path) -> None:
    address = postgres_address(tmp_path)
    strict = f"{address}&options={quote('-c default_transaction_isolation=serializable')}"
    store = open_store(strict)

    async def open_one(store: Store) -> None:
        async with store.transaction() as tx:
            plan = await tx.plan("acct_1")
            await tx.open_account("acct_1")
            await tx.put_plan("acct_1", f"{plan or ''}x")

    async def all_at_once() -> str | None:
        await asyncio.gather(*(open_one(store) for _ in range(8)))
        async with store.transaction() as tx:
            return await tx.plan("acct_1")

    assert asyncio.run(all_at_once()) == "x" * 8
    store.close()
