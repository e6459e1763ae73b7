from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote, unquote

import psycopg
import pytest

from mockserver.store import StoreTooNew, StoreUnusable, inspect_store, open_store
from mockserver.store.postgres import preparation
from mockserver.store.postgres.connection.link import quoted
from mockserver.store.postgres.schema import STEPS
from tests.store.conformance.contents import contents, fill
from tests.store.postgres_server import changed_schema, locked_steps, postgres_address, schema_of, server_address


def schemas() -> set[str]:
    with psycopg.connect(server_address()) as connection:
        return {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace")}


def test_missing_schema_is_created_at_the_first_start_and_not_before(tmp_path: Path) -> None:
    assert inspect_store(postgres_address(tmp_path)).endswith(" is created at the first start")
    assert schema_of(tmp_path) not in schemas()


def test_store_in_use_can_be_used(tmp_path: Path) -> None:
    store = open_store(postgres_address(tmp_path))
    assert inspect_store(postgres_address(tmp_path)).endswith(f"its version is {len(STEPS)} of {len(STEPS)}")
    store.close()


def test_newer_schema_is_refused(tmp_path: Path) -> None:
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, "UPDATE mockserver_steps SET done = 99")
    with pytest.raises(StoreTooNew, match="has version 99, written by a newer mockserver"):
        inspect_store(postgres_address(tmp_path))


def test_schema_of_another_program_is_refused(tmp_path: Path) -> None:
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "{}"'.format(schema_of(tmp_path).replace('"', '""')).encode())
    changed_schema(tmp_path, "CREATE TABLE theirs (a int)")
    with pytest.raises(StoreUnusable, match="tables of another program"):
        inspect_store(postgres_address(tmp_path))


def test_server_that_is_not_there_is_one_sentence_without_the_password() -> None:
    with pytest.raises(StoreUnusable, match="cannot be opened: ") as refused:
        inspect_store("postgresql://me:tell-nobody@127.0.0.1:1/db")
    assert "tell-nobody" not in str(refused.value)


def refused_alike(address: str) -> str:
    """The sentence with which a look and an opening refuse an address."""
    with pytest.raises(StoreUnusable) as looked:
        inspect_store(address)
    with pytest.raises(StoreUnusable) as opened:
        open_store(address)
    assert str(looked.value) == str(opened.value)
    return str(looked.value)


@pytest.fixture
def as_guest(tmp_path: Path) -> Iterator[str]:
    """The address of a schema that exists, with the rights of a user who has none in it."""
    role = f"guest_{blake2b(str(tmp_path).encode(), digest_size=4).hexdigest()}"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role}".encode())
    changed_schema(tmp_path, f"CREATE SCHEMA {quoted(schema_of(tmp_path))}")
    changed_schema(tmp_path, f"GRANT USAGE ON SCHEMA {quoted(schema_of(tmp_path))} TO {role}")
    yield f"{postgres_address(tmp_path)}&options={quote(f'-c role={role}')}"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def role_of(address: str) -> str:
    return unquote(address).rpartition("role=")[2]


def test_read_only_database_is_refused(tmp_path: Path) -> None:
    address = f"{postgres_address(tmp_path)}&options={quote('-c default_transaction_read_only=on')}"
    assert refused_alike(address).endswith("cannot be used: its database is read-only for the user")
    open_store(postgres_address(tmp_path)).close()
    assert refused_alike(address).endswith("cannot be used: its database is read-only for the user")


def test_user_without_the_right_to_create_tables_is_refused(as_guest: str) -> None:
    assert refused_alike(as_guest).endswith("cannot be created: the user may create no tables in the schema")


def test_schema_of_the_user_needs_no_right_in_the_database(as_guest: str, tmp_path: Path) -> None:
    changed_schema(tmp_path, f"GRANT CREATE ON SCHEMA {quoted(schema_of(tmp_path))} TO {role_of(as_guest)}")
    assert inspect_store(as_guest).endswith("is created at the first start")
    open_store(as_guest).close()
    assert "can be used" in inspect_store(as_guest)


@pytest.mark.parametrize(
    ("rights", "lack"),
    [
        ("SELECT ON ALL TABLES", "accounts"),
        ("ALL ON ALL TABLES", "fault_versions"),
    ],
)
def test_missing_rights_in_a_schema_are_named(as_guest: str, tmp_path: Path, rights: str, lack: str) -> None:
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, f"GRANT {rights} IN SCHEMA {quoted(schema_of(tmp_path))} TO {role_of(as_guest)}")
    assert refused_alike(as_guest).endswith(f"the user may not read and change all of its {lack}")


def test_user_with_all_rights_needs_not_own_the_tables(as_guest: str, tmp_path: Path) -> None:
    open_store(postgres_address(tmp_path)).close()
    role, schema = role_of(as_guest), quoted(schema_of(tmp_path))
    changed_schema(
        tmp_path,
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE, SELECT ON SEQUENCE fault_versions, session_numbers TO {role}",
    )
    assert "can be used" in inspect_store(as_guest)
    with closing(open_store(as_guest)) as store:
        fill(store)
        assert contents(store)


def test_function_that_the_user_may_not_call_is_named(as_guest: str, tmp_path: Path) -> None:
    open_store(postgres_address(tmp_path)).close()
    role, schema = role_of(as_guest), quoted(schema_of(tmp_path))
    changed_schema(
        tmp_path,
        f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "REVOKE ALL ON FUNCTION add_sessions FROM PUBLIC",
    )
    assert refused_alike(as_guest).endswith("cannot be used: the user may not call its add_sessions")


@pytest.mark.parametrize("lost", ["TABLE entries", "SEQUENCE session_numbers", "FUNCTION add_sessions"])
def test_schema_that_has_lost_a_part_is_refused(tmp_path: Path, lost: str) -> None:
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, f"DROP {lost}")
    assert refused_alike(postgres_address(tmp_path)).endswith(f"cannot be used: its {lost.split()[1]} is missing")


def test_tables_of_others_beside_ours_need_no_rights(as_guest: str, tmp_path: Path) -> None:
    changed_schema(tmp_path, f"GRANT CREATE ON SCHEMA {quoted(schema_of(tmp_path))} TO {role_of(as_guest)}")
    open_store(as_guest).close()
    changed_schema(tmp_path, "CREATE TABLE theirs (a int)")
    assert "can be used" in inspect_store(as_guest)
    open_store(as_guest).close()


def test_views_of_an_extension_are_nobody_s_tables(tmp_path: Path) -> None:
    changed_schema(tmp_path, f"CREATE SCHEMA {quoted(schema_of(tmp_path))}")
    changed_schema(tmp_path, "CREATE VIEW statistics AS SELECT 1", "ALTER EXTENSION plpgsql ADD VIEW statistics")
    assert inspect_store(postgres_address(tmp_path)).endswith("is created at the first start")
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, "ALTER EXTENSION plpgsql DROP VIEW statistics")


def test_views_of_another_program_are_refused(tmp_path: Path) -> None:
    changed_schema(tmp_path, f"CREATE SCHEMA {quoted(schema_of(tmp_path))}")
    changed_schema(tmp_path, "CREATE VIEW sessions AS SELECT 1")
    assert "tables of another program" in refused_alike(postgres_address(tmp_path))


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM mockserver_steps",
        "UPDATE mockserver_steps SET done = -1",
        "UPDATE mockserver_steps SET done = 0",
        "ALTER TABLE mockserver_steps ALTER done TYPE text; UPDATE mockserver_steps SET done = 'many'",
    ],
)
def test_damaged_steps_are_one_sentence(tmp_path: Path, damage: str) -> None:
    open_store(postgres_address(tmp_path)).close()
    changed_schema(tmp_path, damage)
    assert refused_alike(postgres_address(tmp_path)).endswith("its table mockserver_steps is damaged")


def test_look_at_a_locked_schema_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(postgres_address(tmp_path)).close()
    monkeypatch.setattr(preparation, "_LOOK_LOCK_SECONDS", 1)
    with locked_steps(tmp_path), pytest.raises(StoreUnusable, match="another session has locked it for 1 s"):
        inspect_store(postgres_address(tmp_path))


def test_look_at_a_silent_server_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "LATE_SECONDS", 0.3)
    monkeypatch.setattr(preparation, "_IS_READ_ONLY", "SELECT pg_sleep(30)")
    with pytest.raises(StoreUnusable, match="cannot be opened: the server does not answer in time"):
        inspect_store(postgres_address(tmp_path))
