"""Operations beside the checkout that a target does not have: what it answers there is no finding."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.replay.replay import Exchange
from mockserver_contracts.target.abilities import ABSENT
from mockserver_contracts.target.client import CHECKOUT


class MissingOperations:
    """Tells which operations are not there: those whose first valid request is answered as if nothing were."""

    def __init__(self, entries: Iterable[CorpusEntry]) -> None:
        self._known: dict[str, bool] = {}
        self._first: set[str] = set()
        seen: set[str] = set()
        for entry in entries:
            if entry.path != CHECKOUT and entry.expected is Expected.ACCEPTED and entry.operation not in seen:
                seen.add(entry.operation)
                self._first.add(entry.id)

    def in_order(self, entries: Iterable[CorpusEntry]) -> tuple[CorpusEntry, ...]:
        """The entries, those that tell first."""
        return tuple(sorted(entries, key=lambda entry: entry.id not in self._first))

    def is_absent(self, exchange: Exchange) -> bool:
        """Whether the exchange is with an operation that is not there."""
        operation = exchange.entry.operation
        if exchange.entry.id in self._first:
            self._known[operation] = exchange.unanswered is None and exchange.response.status in ABSENT
        return self._known.get(operation, False)
