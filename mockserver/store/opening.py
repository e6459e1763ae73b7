"""Store addresses: `memory`, `sqlite:///relative.db`, `sqlite:////absolute.db`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.store.errors import StoreUnusable

if TYPE_CHECKING:
    from mockserver.store.base import Store

FORMS: Final = "memory, sqlite:///relative.db or sqlite:////absolute.db"
_SQLITE: Final = "sqlite:///"


def open_store(address: str) -> Store:
    """The store at an address; raises StoreError."""
    # each kind is loaded where it is opened, not on the way to the other
    if address == "memory":
        from mockserver.store.memory.store import MemoryStore

        return MemoryStore()
    if not address.startswith(_SQLITE) or address == _SQLITE:
        raise StoreUnusable(f"the store {address!r} is none that is known; give {FORMS}")
    from mockserver.store.sqlite.store import SqliteStore

    return SqliteStore(Path(address.removeprefix(_SQLITE)).expanduser().absolute())
