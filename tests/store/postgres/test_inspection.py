from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from mockserver.store import StoreTooNew, StoreUnusable, inspect_store, open_store
from mockserver.store.postgres.schema import STEPS
from tests.store.postgres_server import changed_schema, postgres_address, schema_of, server_address


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
