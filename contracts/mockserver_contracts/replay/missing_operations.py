"""Operations beside the checkout that a target does not implement: their answers are no findings."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.target.abilities import ABSENT


class MissingOperations:
    """Learns from the first valid request of each operation whether the target implements it."""

    def __init__(self, entries: Iterable[CorpusEntry]) -> None:
        self._is_missing: dict[str, bool] = {}
        self._probes: set[str] = set()
        operations: set[str] = set()
        for entry in entries:
            is_valid = entry.path != CHECKOUT and entry.expected is Expected.ACCEPTED
            if is_valid and entry.operation not in operations:
                operations.add(entry.operation)
                self._probes.add(entry.id)

    def probes_first(self, entries: Iterable[CorpusEntry]) -> tuple[CorpusEntry, ...]:
        """The entries, those first from which this object learns."""
        return tuple(sorted(entries, key=lambda entry: entry.id not in self._probes))

    def is_missing(self, exchange: CorpusExchange) -> bool:
        """The target does not implement the operation of this exchange."""
        operation = exchange.entry.operation
        if exchange.entry.id in self._probes:
            self._is_missing[operation] = exchange.status in ABSENT
        return self._is_missing.get(operation, False)
