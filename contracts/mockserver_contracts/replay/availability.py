"""The availability of a target, judged by its answers to valid requests."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import REFUSALS, Gate

_CODES: Final = {401: "key_refused", 403: "key_refused", 429: "rate_limited"}
_ENOUGH: Final = 5


def refusal_of_every_request(status: int, sent: int) -> RunFailure:
    """The failure of a target that refuses every valid request with this status."""
    code = _CODES.get(status, "unavailable")
    return RunFailure(code, f"every valid request was answered {status} ({sent} sent)")


class Availability:
    """Follows the answers to valid requests, operation by operation."""

    def __init__(self, operations: frozenset[str]) -> None:
        self._operations = operations
        self._answered: set[str] = set()
        self._statuses: list[int] = []

    def record(self, exchange: CorpusExchange) -> None:
        """Record the status if the request was valid and got a response."""
        if exchange.no_response is None and exchange.entry.expected is Expected.ACCEPTED:
            self._answered.add(exchange.entry.operation)
            self._statuses.append(exchange.status)

    def outage(self, gate: Gate) -> RunFailure | None:
        """The reason to end the run now; None while the target serves it."""
        if self._answered >= self._operations and (failure := self.failure()) is not None:
            return failure
        last = self._statuses[-_ENOUGH:]
        if len(last) == _ENOUGH and REFUSALS.issuperset(last):
            return gate.failure_if_gone()
        return None

    def failure(self) -> RunFailure | None:
        """The failure if every valid request was refused, by an outage or for the key."""
        if not self._statuses or not REFUSALS.issuperset(self._statuses):
            return None
        return refusal_of_every_request(self._statuses[-1], len(self._statuses))
