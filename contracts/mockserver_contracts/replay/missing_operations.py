"""Operations beside the checkout that a target does not implement: each is one finding, its answers are no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.results.finding import MISSING_OPERATION, Finding, Severity
from mockserver_contracts.target.answer import ABSENT


class MissingOperations:
    """Learns from the first valid request of each operation whether the target implements it."""

    def __init__(self, entries: Iterable[CorpusEntry]) -> None:
        self._is_missing: dict[str, bool] = {}
        self._shown: dict[str, CorpusExchange] = {}
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
            self._shown[operation] = exchange
        return self._is_missing.get(operation, False)

    def findings(self, severity: Severity) -> Iterator[Finding]:
        """A finding for each missing operation."""
        for operation, is_missing in self._is_missing.items():
            if is_missing:
                exchange = self._shown[operation]
                yield Finding(
                    kind="fuzz",
                    check=MISSING_OPERATION,
                    operation=operation,
                    pointer="",
                    cause="missing",
                    severity=severity,
                    title="The target lacks an operation of the contract",
                    expected="an answer of the operation",
                    actual=exchange.summary,
                    request=exchange.request,
                    response=exchange.response,
                )
