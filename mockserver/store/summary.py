"""Account summaries, as stores list them."""

from __future__ import annotations

from typing import NamedTuple


class AccountSummary(NamedTuple):
    """An account's id, its balance in microcredits and its number of sessions."""

    id: str
    balance: int
    sessions: int
