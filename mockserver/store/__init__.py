"""Where sessions, credits and clocks are kept: `open_store` opens the one an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced, StoreError, StoreInUse, StoreTooNew, StoreUnusable
from mockserver.store.opening import open_store
from mockserver.store.summary import AccountSummary

if TYPE_CHECKING:
    from mockserver.store.base import Store, Transaction

__all__ = [
    "AccountSummary",
    "AlreadyCredited",
    "AlreadyInvoiced",
    "Store",
    "StoreError",
    "StoreInUse",
    "StoreTooNew",
    "StoreUnusable",
    "Transaction",
    "open_store",
]


def __getattr__(name: str) -> Any:
    # the promises are for those who write stores and those who check types; a running mock does without
    if name in ("Store", "Transaction"):
        from mockserver.store import base

        return getattr(base, name)
    raise AttributeError(f"module 'mockserver.store' has no attribute {name!r}")
