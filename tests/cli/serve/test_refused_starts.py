"""A server that cannot start prints one sentence and exits with 2."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import mockserver
from tests.scenarios.process import refused_here, refused_start

MEMORY = ("--port", "0", "--store", "memory")


def test_start_is_refused_on_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refused_start(tmp_path, "--port", port, "--store", "memory")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_start_is_refused_on_a_foreign_host(tmp_path: Path, host: str) -> None:
    assert host in refused_start(tmp_path, "--host", host, *MEMORY)


def test_start_is_refused_with_a_store_in_use(tmp_path: Path, sqlite: str) -> None:
    with mockserver.running(store=sqlite) as mock:
        sentence = refused_start(tmp_path, "--port", "0", "--store", sqlite)
        assert "in use" in sentence
        assert "mock.db" in sentence
        assert mock.url


def test_start_is_refused_with_a_newer_store(tmp_path: Path, sqlite: str) -> None:
    with mockserver.running(store=sqlite):
        pass
    with closing(sqlite3.connect(tmp_path / "mock.db", isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = (tmp_path / "mock.db").read_bytes()
    assert "99" in refused_start(tmp_path, "--port", "0", "--store", sqlite)
    assert (tmp_path / "mock.db").read_bytes() == before


def test_start_is_refused_with_a_file_that_is_not_a_database(tmp_path: Path, sqlite: str) -> None:
    (tmp_path / "mock.db").write_text("these are my notes, which nobody may overwrite\n" * 100)
    assert "mock.db" in refused_start(tmp_path, "--port", "0", "--store", sqlite)
    assert (tmp_path / "mock.db").read_text().startswith("these are my notes")


def test_start_is_refused_with_another_program_s_database(tmp_path: Path, sqlite: str) -> None:
    with closing(sqlite3.connect(tmp_path / "mock.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE sessions (id TEXT)")
    db.close()
    before = (tmp_path / "mock.db").read_bytes()
    assert "mock.db" in refused_start(tmp_path, "--port", "0", "--store", sqlite)
    assert (tmp_path / "mock.db").read_bytes() == before


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///.",
        "sqlite:///",
        "mysql://localhost/x",
        "mock.db",
        "sqlite:///file/x.db",
        "sqlite:///~nobody-here/x.db",
        "sqlite:///a\0b",
    ],
)
def test_start_is_refused_with_an_invalid_store(tmp_path: Path, address: str) -> None:
    (tmp_path / "file").write_text("")
    refused_here(tmp_path, "--port", "0", "--store", address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "openapi: [",
        "a: b",
        "openapi: 3.0.3\ninfo: {title: a, version: '1'}",
        "swagger: '2.0'",
        "\x00\x01",
        "\xff",
    ],
)
def test_start_is_refused_with_an_invalid_document(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_bytes(text.encode("latin-1"))
    assert "bad.yaml" in refused_here(tmp_path, "--spec", "bad.yaml", *MEMORY)


@pytest.mark.parametrize("flag", ["--spec", "--profile", "--overlay"])
@pytest.mark.parametrize("name", ["none.yaml", "folder"])
def test_start_is_refused_with_an_unreadable_file(tmp_path: Path, flag: str, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert name in refused_here(tmp_path, flag, f"./{name}", *MEMORY)


@pytest.mark.parametrize("text", ["", "[]", "name: [", "name: mine", "name: mine\nsurprise: 1", "\xff"])
def test_start_is_refused_with_an_invalid_profile(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_bytes(text.encode("latin-1"))
    assert "bad.yaml" in refused_here(tmp_path, "--profile", "bad.yaml", *MEMORY)


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--port", "abc"),
        ("--port", "65536"),
        ("--session-ttl", "soon"),
        ("--checkout-base", "checkout.stripe.com"),
        ("--body-limit", "-1"),
        ("--api-key", "secret"),
        ("--plan", "x"),
    ],
)
def test_start_is_refused_with_an_invalid_flag_value(tmp_path: Path, flag: str, value: str) -> None:
    sentence = refused_here(tmp_path, *MEMORY, flag, value)
    assert flag in sentence
    assert value in sentence


def test_start_is_refused_with_an_unknown_flag(tmp_path: Path) -> None:
    assert "--prot" in refused_start(tmp_path, "--prot", "1")


def test_start_is_refused_with_an_invalid_variable(tmp_path: Path) -> None:
    sentence = refused_start(tmp_path, environ={"MOCKSERVER_PORT": "abc"})
    assert "MOCKSERVER_PORT is 'abc'; a number from 0 to 65535 is needed" in sentence


def test_start_is_refused_with_an_unreadable_settings_file(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text("port = ")
    assert "mockserver.toml" in refused_start(tmp_path)
