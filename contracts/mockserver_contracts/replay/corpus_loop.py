"""The loop over the corpus that the fuzz phase and the drift phase share.

It sends nothing itself: the phase sends each entry and gives the exchange to `follow`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.replay.availability import Availability
from mockserver_contracts.replay.missing_operations import MissingOperations
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.gate import Gate


class CorpusLoop:
    """Hands out the entries in order and follows what the target makes of them."""

    def __init__(
        self,
        entries: tuple[CorpusEntry, ...],
        gate: Gate,
        *,
        tolerates_missing: bool,
        side_effects: SideEffects | None,
    ) -> None:
        self._missing = MissingOperations(entries if tolerates_missing else ())
        self._entries = self._missing.probes_first(entries)
        self._gate = gate
        self._availability = Availability(
            frozenset(entry.operation for entry in entries if entry.expected is Expected.ACCEPTED)
        )
        self._side_effects = side_effects

    def __iter__(self) -> Iterator[CorpusEntry]:
        """The entries, until the gate closes."""
        if self._side_effects is not None:
            self._side_effects.begin()
        for entry in self._entries:
            if self._gate.is_closed:
                return
            yield entry

    def follow(self, exchange: CorpusExchange, *repeats: CorpusExchange) -> bool:
        """Record the exchange and its repeats; True if the target does not implement the operation.

        Ends the run if the target serves it no more.
        """
        self._availability.record(exchange)
        if self._side_effects is not None:
            for each in (exchange, *repeats):
                self._side_effects.record(each)
        if (failure := self._availability.outage(self._gate)) is not None:
            self._gate.fail(failure)
        return self._missing.is_missing(exchange)

    def findings(self) -> Iterator[Finding]:
        """The findings about the corpus as a whole: refused requests that created something."""
        if self._side_effects is not None:
            yield from self._side_effects.findings()

    def missing_operations(self, severity: Severity) -> Iterator[Finding]:
        """A finding for each operation that the target does not implement."""
        return self._missing.findings(severity)

    def failure(self) -> RunFailure | None:
        """The failure if every valid request was refused."""
        return self._availability.failure()
