"""Open the store at an address.

A new kind of store adds its opener to `_OPENERS`, its form to the help of setting `store`, and its fixture to
tests/store/backends.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.store.errors import StoreUnusable

if TYPE_CHECKING:
    from mockserver.store.base import Store


def open_store(address: str) -> Store:
    """The store at an address such as `memory` or `sqlite:///mock.db`. Raises StoreError."""
    scheme, _, _ = address.partition(":")
    if scheme not in _OPENERS:
        raise _unknown(address)
    return _OPENERS[scheme](address)


def _unknown(address: str) -> StoreUnusable:
    return StoreUnusable(f"unknown store {address!r}; give {FORMS}")


# each kind of store is imported when it is opened, so that the others do not delay a start


def _open_memory(address: str) -> Store:
    from mockserver.store.memory.store import MemoryStore

    if address != "memory":
        raise _unknown(address)
    return MemoryStore()


def _open_sqlite(address: str) -> Store:
    from mockserver.store.sqlite.store import SqliteStore

    path = address.removeprefix("sqlite:///")
    if path in (address, ""):
        raise _unknown(address)
    return SqliteStore(Path(path).expanduser().absolute())


FORMS: Final = "memory, sqlite:///relative.db or sqlite:////absolute.db"
_OPENERS: Final[Mapping[str, Callable[[str], Store]]] = {"memory": _open_memory, "sqlite": _open_sqlite}
