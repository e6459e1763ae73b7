"""Stores of sessions, credits, clocks and faults. `open_store` opens the store at an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced, StoreError, StoreInUse, StoreTooNew, StoreUnusable
from mockserver.store.opening import inspect_store, open_store, shared_address
from mockserver.store.summary import AccountSummary, CheckpointSummary

if TYPE_CHECKING:
    from mockserver.store.base import Store, Transaction

__all__ = [
    "AccountSummary",
    "AlreadyCredited",
    "AlreadyInvoiced",
    "CheckpointSummary",
    "Store",
    "StoreError",
    "StoreInUse",
    "StoreTooNew",
    "StoreUnusable",
    "Transaction",
    "inspect_store",
    "open_store",
    "shared_address",
]


def __getattr__(name: str) -> Any:
    # the protocols serve authors of stores and type checkers; a running mock needs neither
    if name in ("Store", "Transaction"):
        from mockserver.store import base

        return getattr(base, name)
    raise AttributeError(f"module 'mockserver.store' has no attribute {name!r}")
