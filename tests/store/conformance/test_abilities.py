"""The abilities that a kind of store declares in tests/store/backends.py, and that it has no others."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mockserver.store import Store, StoreInUse, StoreTooNew, open_store
from tests.builders import ACCOUNT
from tests.store.backends import BACKENDS, Backend
from tests.store.conformance.contents import contents, fill, numbered_session
from tests.store.conformance.transactions import in_transaction

# It fills a store, says so, and never ends by itself.
FILLING_SERVER = """
import sys, time
from mockserver.store import open_store
from tests.store.conformance.contents import fill
fill(open_store(sys.argv[1]))
print("filled", flush=True)
time.sleep(600)
"""
PATIENCE = 30


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each kind of store."""
    return BACKENDS[request.param]


@contextmanager
def opened(backend: Backend, folder: Path) -> Iterator[Store]:
    with closing(open_store(backend.address(folder))) as store:
        yield store


def empty_contents() -> dict[str, object]:
    return contents(open_store("memory"))


def test_reopened_store_has_all_that_was_stored(backend: Backend, tmp_path: Path) -> None:
    with opened(backend, tmp_path) as store:
        fill(store)
        stored, secret = contents(store), store.secret
    assert stored != empty_contents()
    with opened(backend, tmp_path) as again:
        assert contents(again) == (stored if backend.survives_reopening else empty_contents())
        assert (again.secret == secret) is backend.survives_reopening


def test_reopened_store_continues_its_numbers(backend: Backend, tmp_path: Path) -> None:
    with opened(backend, tmp_path) as store:
        fill(store)
        before = [each.id for each in in_transaction(store, lambda tx: tx.sessions(account=ACCOUNT, limit=9, offset=0))]
    with opened(backend, tmp_path) as again:
        new = asyncio.run(again.create_session(ACCOUNT, numbered_session))
        page = in_transaction(again, lambda tx: tx.sessions(account=ACCOUNT, limit=9, offset=0))
        assert [each.id for each in page] == [new.id, *(before if backend.survives_reopening else [])]
        assert in_transaction(again, lambda tx: tx.session(new.id)) == new


def test_store_of_a_killed_server_has_all_that_was_stored(backend: Backend, tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILLING_SERVER, backend.address(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"filled\n"
        server.send_signal(signal.SIGKILL)
        server.wait(PATIENCE)
    with opened(backend, tmp_path) as store:
        found = contents(store)
        assert (found != empty_contents()) is backend.survives_kill
        if backend.survives_kill:
            [accounts, sessions] = [found[kind] for kind in ("accounts", "sessions")]
            assert (len(accounts), len(sessions)) == (2, 4)  # type: ignore[arg-type]  # both are lists


def test_second_opener_sees_the_first_or_is_refused_or_has_its_own(backend: Backend, tmp_path: Path) -> None:
    with opened(backend, tmp_path) as first:
        fill(first)
        if backend.survives_reopening and not backend.is_shared:
            with pytest.raises(StoreInUse, match="in use by another server"):
                open_store(backend.address(tmp_path))
            return
        with opened(backend, tmp_path) as second:
            assert (contents(second) == contents(first)) is backend.is_shared
            assert (second.secret == first.secret) is backend.is_shared
            assert (second.peers is not None) is backend.is_shared


def test_newer_store_is_refused_in_one_sentence(backend: Backend, tmp_path: Path) -> None:
    if backend.make_newer is None:
        assert not backend.survives_reopening
        return
    with opened(backend, tmp_path) as store:
        fill(store)
    backend.make_newer(tmp_path)
    with pytest.raises(StoreTooNew, match=r"version 99, written by a newer mockserver; this one reads \d+$"):
        open_store(backend.address(tmp_path))
