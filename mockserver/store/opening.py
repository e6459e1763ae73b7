"""Open the store at an address, or look at it.

A new kind of store needs a line in `_KINDS`, its form in the help of the setting `store`, and a line in
tests/store/backends.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.store.errors import StoreUnusable

if TYPE_CHECKING:
    from mockserver.store.base import Store


# up to the last @: a password that is not encoded may hold one; a mistyped address may begin with the user
_PASSWORD: Final = re.compile(r"^(\s*[a-z][a-z0-9+.-]*://[^:/?#@]*|[^:/?#@]*(?=:(?!//))):.*@", re.IGNORECASE)
_SHARED: Final = "?shared=true"
"""The end of the address of a SQLite file that several processes have open."""
_PARAMETER: Final = re.compile(r"\?(?:shared(?:[&?][^/]*)?|\w+=[^/]*)$", re.IGNORECASE)
_PASSWORD_PARAMETER: Final = re.compile(
    # of a query, or of a connection string of libpq: host=db password='…'
    r"([?&](?:ssl)?password=)[^&]*|((?:^|\s)(?:ssl)?password\s*=\s*)(?:'(?:\\.|[^'\\])*'?|(?:\\.|\S)+)",
    re.IGNORECASE,
)


class _Kind(NamedTuple):
    """A kind of store. `open` and `inspect` return None for an address that is not of the kind."""

    form: str
    open: Callable[[str], Store | None]
    inspect: Callable[[str], str | None]
    shared: Callable[[str], str | None]
    """See `shared_address`."""


def open_store(address: str) -> Store:
    """The store at an address such as `memory` or `sqlite:///mock.db`. Raises StoreError."""
    kind = _kind_of(address)
    store = kind.open(address) if kind else None
    if store is None:
        raise _unknown(address)
    return store


def inspect_store(address: str) -> str:
    """A sentence on a store that can be opened. Nothing is opened or changed. Raises StoreError."""
    kind = _kind_of(address)
    sentence = kind.inspect(address) if kind else None
    if sentence is None:
        raise _unknown(address)
    return sentence


def shared_address(address: str) -> str | None:
    """The address at which several processes may have a store open; None if one alone can have it."""
    kind = _kind_of(address)
    return kind.shared(address) if kind else None


def without_password(address: str) -> str:
    """An address to display."""
    hidden = _PASSWORD.sub(r"\1:***@", address)
    return _PASSWORD_PARAMETER.sub(r"\1\2***", hidden)


def _kind_of(address: str) -> _Kind | None:
    return _KINDS.get(re.split("[:?]", address, maxsplit=1)[0])


def _unknown(address: str) -> StoreUnusable:
    return StoreUnusable(f"unknown store {without_password(address)!r}; give {FORMS}")


# each kind is imported when it is opened, so that the others do not delay a start


def _open_memory(address: str) -> Store | None:
    from mockserver.store.memory.store import MemoryStore

    bound = _memory_bound(address)
    return None if bound is None else MemoryStore(**bound)


def _inspect_memory(address: str) -> str | None:
    return None if _memory_bound(address) is None else "the store is in memory; its data ends with the server"


def _memory_bound(address: str) -> dict[str, int] | None:
    """The bound that an address names; None if it is not one of a store in memory."""
    if address == "memory":
        return {}
    count = address.removeprefix("memory?sessions=")
    return {"most_sessions": int(count)} if re.fullmatch(r"[1-9][0-9]{0,8}", count, re.ASCII) else None


def _open_sqlite(address: str) -> Store | None:
    from mockserver.store.sqlite.store import SqliteStore

    path = _sqlite_path(address)
    return SqliteStore(path, is_shared=address.endswith(_SHARED)) if path else None


def _shared_sqlite(address: str) -> str:
    return address.removesuffix(_SHARED) + _SHARED


def _inspect_sqlite(address: str) -> str | None:
    from mockserver.store.sqlite.inspection import inspect_sqlite

    path = _sqlite_path(address)
    return inspect_sqlite(path, is_shared=address.endswith(_SHARED)) if path else None


def _sqlite_path(address: str) -> Path | None:
    path = address.removeprefix("sqlite:///").removesuffix(_SHARED)
    if not address.startswith("sqlite:///") or path == "" or "\0" in path:
        return None
    if _PARAMETER.search(path):  # a file of that name would be shared by nobody, and obey no parameter
        raise StoreUnusable(f"the store {address!r} has an unknown parameter; its end may be {_SHARED}")
    if path == ":memory:":
        raise StoreUnusable(f"the store {address} is no file; give --store memory")
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:
        raise StoreUnusable(f"the store {address} is in the home of an unknown user") from None


def _open_postgres(address: str) -> Store | None:
    if not address.startswith("postgresql://"):
        return None
    with _psycopg():
        from mockserver.store.postgres.store import PostgresStore
    return PostgresStore(address)


def _inspect_postgres(address: str) -> str | None:
    if not address.startswith("postgresql://"):
        return None
    with _psycopg():
        from mockserver.store.postgres.connection.address import parse_address
        from mockserver.store.postgres.preparation import inspect_schema
    return inspect_schema(parse_address(address))


@contextmanager
def _psycopg() -> Iterator[None]:
    """Import what needs the extra `postgres`. Raises StoreUnusable."""
    try:
        yield
    except ImportError as error:
        raise StoreUnusable(
            f"a store in PostgreSQL needs the extra `postgres` ({error}); install it as the package was installed,"
            " with [postgres] at the end: pip install '/path/to/the/checkout[postgres]'"
        ) from None


_KINDS: Final[Mapping[str, _Kind]] = {
    "memory": _Kind("memory or memory?sessions=100000", _open_memory, _inspect_memory, lambda _: None),
    "sqlite": _Kind("sqlite:///relative.db or sqlite:////absolute.db", _open_sqlite, _inspect_sqlite, _shared_sqlite),
    "postgresql": _Kind(
        "postgresql://user@host:port/database?schema=name", _open_postgres, _inspect_postgres, lambda address: address
    ),
}
FORMS: Final = ", ".join(kind.form for kind in _KINDS.values())
