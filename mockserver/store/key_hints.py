"""The hints of the API keys that this server has seen lately.

A store reads them when it opens an account. So a request of a known account does nothing for them.
"""

from __future__ import annotations

from typing import Final

from mockserver.domain.identifier import account_of, key_hint

MOST: Final = 10_000


class KeyHints:
    """Hints by account. The oldest ones are dropped."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._hints: dict[str, str] = {}

    def note(self, key: str) -> str:
        """Note the hint of a key, and return its account."""
        account = account_of(key)
        self._hints[account] = key_hint(key)
        if len(self._hints) > self._most:
            del self._hints[next(iter(self._hints))]
        return account

    def of(self, account: str) -> str | None:
        """The hint of an account's key; None if the key was not seen."""
        return self._hints.get(account)
