"""An account in a list of accounts."""

from __future__ import annotations

from typing import NamedTuple


class AccountSummary(NamedTuple):
    """An account with its balance in microcredits and how many sessions it has."""

    id: str
    balance: int
    sessions: int
