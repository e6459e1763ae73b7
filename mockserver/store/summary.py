"""Summaries of accounts and checkpoints, as stores list them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class AccountSummary(NamedTuple):
    """An account's id, its balance in microcredits, its number of sessions, the hint of its key, and its name.

    The last activity is the time of the newest session or of the newest ledger entry, whichever is later.
    """

    id: str
    balance: int
    sessions: int
    key_hint: str | None = None
    name: str | None = None
    last_activity: datetime | None = None


class CheckpointSummary(NamedTuple):
    """A checkpoint's name, its account (None: the whole mock), its time in real time, and what is in it."""

    name: str
    account: str | None
    saved_at: datetime
    accounts: int
    sessions: int
