"""Whether the target serves this run at all: told by what it answers to valid requests."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.replay.replay import Exchange
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import REFUSALS, Gate

_CODES: Final = {401: "key_refused", 403: "key_refused", 429: "rate_limited"}
_ENOUGH: Final = 5


class Availability:
    """Follows the answers to valid requests, operation by operation."""

    def __init__(self, operations: frozenset[str]) -> None:
        self._operations = operations
        self._seen: set[str] = set()
        self._statuses: list[int] = []

    def note(self, exchange: Exchange) -> None:
        """Remember the answer, if the request was valid."""
        if exchange.entry.expected is Expected.ACCEPTED:
            self._seen.add(exchange.entry.operation)
            self._statuses.append(exchange.response.status)

    def outage(self, gate: Gate) -> RunFailure | None:
        """Why there is no use in going on, if so."""
        if self._seen >= self._operations and (failure := self.verdict()) is not None:
            return failure
        last = self._statuses[-_ENOUGH:]
        if len(last) == _ENOUGH and REFUSALS.issuperset(last):
            return gate.looks_gone()
        return None

    def verdict(self) -> RunFailure | None:
        """Why the target was not tested, if every valid request was refused by an outage or for the key."""
        if not self._statuses or not REFUSALS.issuperset(self._statuses):
            return None
        status = self._statuses[-1]
        code = _CODES.get(status, "unavailable")
        return RunFailure(code, f"every valid request was answered {status} ({len(self._statuses)} sent)")
