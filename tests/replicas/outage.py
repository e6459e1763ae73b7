"""The moments of a restart of the database, and what they say about requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter, sleep

from tests.auditor import Exchange
from tests.auditor.exchange import Window
from tests.replicas.database import Database


@dataclass(frozen=True, slots=True)
class Outage:
    """The moments of a restart."""

    mode: str
    stopping: float
    stopped: float
    starting: float
    started: float

    def is_within(self, exchange: Exchange) -> bool:
        """The database was away as long as the exchange took."""
        return self.stopped <= exchange.sent and exchange.ended <= self.starting

    def longest(self, waits: Iterable[Window]) -> float:
        """The seconds of the longest wait of which the database was away in a part."""
        found = [wait for wait in waits if wait.sent <= self.started and wait.until >= self.stopping]
        return max((wait.until - wait.sent for wait in found), default=0.0)

    def recovery(self, exchanges: Sequence[Exchange]) -> float:
        """The seconds from the start to the first answer 200."""
        answers = [each.ended for each in exchanges if each.status == 200 and each.ended >= self.started]
        return min(answers, default=float("inf")) - self.started


def restart(database: Database, mode: str, *, away: float) -> Outage:
    """Stop the database, and start it after a while."""
    stopping = perf_counter()
    database.stop(mode)
    stopped = perf_counter()
    sleep(away)
    starting = perf_counter()
    database.start()
    return Outage(mode, stopping, stopped, starting, perf_counter())
