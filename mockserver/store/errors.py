"""The errors of stores.

StoreError
  StoreInUse       another server has it open
  StoreTooNew      a later version of the mock wrote it
  StoreUnusable    it cannot be opened, or another program wrote it
AlreadyCredited    a session's credits are on the ledger
AlreadyInvoiced    a session has an invoice
"""

from __future__ import annotations

from mockserver.domain.errors import NotFound


class StoreError(Exception):
    """A store cannot be opened; the message is one sentence."""


class StoreInUse(StoreError):
    """Another server has the store open."""


class StoreTooNew(StoreError):
    """A later version of the mock wrote the store."""


class StoreUnusable(StoreError):
    """The store cannot be opened, or another program wrote it."""


class AlreadyCredited(Exception):
    """The session's credits are on the ledger."""


class AlreadyInvoiced(Exception):
    """The session has an invoice."""


def no_checkpoint(name: str) -> NotFound:
    """The error for a checkpoint that does not exist."""
    return NotFound(f"there is no checkpoint {name[:80]!r}; GET /_mock/checkpoints lists the checkpoints")
