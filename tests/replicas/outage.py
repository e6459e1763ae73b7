"""A restart of the database under load, watched by requests that go to each mock directly.

The balancer holds no request back, but its clients and the mocks share a machine; a probe measures the mock alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import Final

import httpx

from tests.auditor import Exchange, Recorder
from tests.auditor.exchange import Window
from tests.replicas.clients import PATIENCE, is_hasty
from tests.replicas.database import Database
from tests.replicas.replica import Replica

PROBE: Final = "sk-probe"
_PAUSE: Final = 0.05
_PROBES: Final = (
    ("GET", "/billing/usage", None),
    ("POST", "/billing/checkout", {"amount": 5}),
    ("POST", "/_mock/credits", {"key": PROBE, "credits": 1}),
)


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


@dataclass(slots=True)
class Probes:
    """Requests to each mock, one after the other."""

    recorder: Recorder = field(default_factory=Recorder)
    hasty_refusals: list[str] = field(default_factory=list)
    waits: list[Window] = field(default_factory=list)

    @contextmanager
    def running(self, replicas: Sequence[Replica]) -> Iterator[None]:
        """Send them until the block ends."""
        end = threading.Event()
        threads = [threading.Thread(target=self._probe, args=(replica, end)) for replica in replicas]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join(PATIENCE)

    def _probe(self, replica: Replica, end: threading.Event) -> None:
        while not end.is_set():
            if (url := replica.url) is not None:
                self._send(url)
            sleep(_PAUSE)

    def _send(self, url: str) -> None:
        with self.recorder.client(url, headers={"x-access-token": PROBE}, timeout=PATIENCE) as client:
            for method, path, body in _PROBES:
                sent = perf_counter()
                # its mock may be killed
                with suppress(httpx.TransportError):
                    answer = client.request(method, path, json=body)
                    if is_hasty(answer):
                        self.hasty_refusals.append(answer.text)
                self.waits.append(Window(sent, perf_counter()))
