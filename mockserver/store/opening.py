"""Open the store at an address.

A new kind of store needs a line in `_KINDS`, its form in the help of the setting `store`, and a line in
tests/store/backends.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.store.errors import StoreUnusable

if TYPE_CHECKING:
    from mockserver.store.base import Store


class _Kind(NamedTuple):
    form: str
    open: Callable[[str], Store | None]


def open_store(address: str) -> Store:
    """The store at an address such as `memory` or `sqlite:///mock.db`. Raises StoreError."""
    kind = _KINDS.get(address.partition(":")[0])
    store = kind.open(address) if kind else None
    if store is None:
        raise StoreUnusable(f"unknown store {address!r}; give {FORMS}")
    return store


# each kind is imported when it is opened, so that the others do not delay a start; None: not an address of the kind


def _open_memory(address: str) -> Store | None:
    from mockserver.store.memory.store import MemoryStore

    return MemoryStore() if address == "memory" else None


def _open_sqlite(address: str) -> Store | None:
    from mockserver.store.sqlite.store import SqliteStore

    path = address.removeprefix("sqlite:///")
    return SqliteStore(Path(path).expanduser().absolute()) if path not in (address, "") else None


_KINDS: Final[Mapping[str, _Kind]] = {
    "memory": _Kind("memory", _open_memory),
    "sqlite": _Kind("sqlite:///relative.db or sqlite:////absolute.db", _open_sqlite),
}
FORMS: Final = ", ".join(kind.form for kind in _KINDS.values())
