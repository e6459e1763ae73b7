"""How stores refuse.

StoreError
  StoreInUse       another server has it open
  StoreTooNew      a later version of the mock wrote it
  StoreUnusable    it cannot be opened, or is no store of ours
AlreadyCredited    a session's credits are on the ledger already
AlreadyInvoiced    a session has its invoice already
"""

from __future__ import annotations


class StoreError(Exception):
    """A store cannot be opened; the message is one sentence."""


class StoreInUse(StoreError):
    """Another server has the store open."""


class StoreTooNew(StoreError):
    """A later version of the mock wrote the store."""


class StoreUnusable(StoreError):
    """The store cannot be opened, or is no store of ours."""


class AlreadyCredited(Exception):
    """A session's credits are on the ledger already."""


class AlreadyInvoiced(Exception):
    """A session has its invoice already."""
