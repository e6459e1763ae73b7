"""One run: clients work, the schedule happens, and the survey of the end is audited."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep
from typing import Final
from urllib.parse import quote

from tests.auditor import Recorder
from tests.auditor.survey import survey
from tests.packaging.balancer import Balancer, running_balancer
from tests.replicas.clients import PATIENCE, Clients
from tests.replicas.database import Database, running_database
from tests.replicas.figures import Observed, Outcome, outcome_of
from tests.replicas.outage import Outage, restart
from tests.replicas.probes import Probes
from tests.replicas.replica import Replica
from tests.replicas.schedule import REPLICAS, Form, Kill, schedule

_AFTER: Final = 2.0
"""The seconds that probes go on after a restart."""
_REQUESTS_OF_A_CLIENT: Final = 8


@dataclass(slots=True)
class Chaos:
    """The replicas and their database, and the harm done to them."""

    database: Database
    balancer: Balancer
    replicas: Sequence[Replica]
    pool: ThreadPoolExecutor
    probes: Probes
    """Probes of each mock."""
    balanced_probes: Probes
    outages: list[Outage] = field(default_factory=list)
    kills: int = 0
    _running: list[Future[None]] = field(default_factory=list)

    def kill(self, number: int) -> None:
        """Kill a mock and start it again. The last one that serves stays."""
        serving = [replica for replica in self.replicas if replica.url is not None]
        for replica in sorted(serving, key=lambda each: (each.number - number) % REPLICAS)[: len(serving) - 1][:1]:
            replica.kill()
            self.kills += 1
            self._running.append(self.pool.submit(replica.start, self.balancer))

    def restart(self, mode: str, *, away: float) -> None:
        """Restart the database, watched by probes, while mocks are killed."""
        self._running.append(self.pool.submit(self._restart, mode, away))

    def _restart(self, mode: str, away: float) -> None:
        with self.probes.running(), self.balanced_probes.running():
            sleep(0.2)
            self.outages.append(restart(self.database, mode, away=away))
            sleep(_AFTER)

    def wait(self) -> None:
        """Wait until the database and each mock serve."""
        for running in self._running:
            running.result(PATIENCE)


def run(folder: Path, form: Form, seed: int) -> Outcome:
    """A run of this form."""
    recorder = Recorder()
    with ExitStack() as stack:
        database = stack.enter_context(running_database())
        store = f"{database.address}&schema={quote('replicas')}"
        replicas = [Replica(number, store, folder) for number in range(1, REPLICAS + 1)]
        pool = stack.enter_context(ThreadPoolExecutor(2 * REPLICAS))
        for replica in replicas:
            stack.callback(replica.end)
        list(pool.map(Replica.start, replicas))
        urls = [replica.url for replica in replicas if replica.url is not None]
        balancer = stack.enter_context(running_balancer(folder, urls))
        probes = Probes("sk-probe", replicas)
        balanced_probes = Probes("sk-balanced-probe", [balancer])
        chaos = Chaos(database, balancer, replicas, pool, probes, balanced_probes)
        clients = Clients(recorder, balancer.url, number=form.clients, pause=form.pause, seed=seed)
        end = threading.Event()
        stack.callback(end.set)
        working = pool.submit(clients.run, end)
        _follow(chaos, form, seed)
        _wait_for(recorder, form.clients * _REQUESTS_OF_A_CLIENT)
        end.set()
        working.result(PATIENCE)
        chaos.wait()
        surveyed = _survey(chaos, recorder, clients)
    observed = Observed(clients, recorder, probes, balanced_probes)
    return outcome_of(seed, observed, chaos.outages, kills=chaos.kills, surveyed=surveyed)


def _follow(chaos: Chaos, form: Form, seed: int) -> None:
    """Let the schedule happen."""
    start = perf_counter()
    for event in schedule(form, seed):
        sleep(max(start + event.at - perf_counter(), 0))
        if isinstance(event, Kill):
            chaos.kill(event.number)
        else:
            chaos.restart(event.mode, away=event.away)
    sleep(max(start + form.seconds - perf_counter(), 0))


def _wait_for(recorder: Recorder, requests: int) -> None:
    """Let clients go on until so many requests were sent: a busy machine takes longer for them."""
    end = perf_counter() + PATIENCE
    while recorder.requests < requests and perf_counter() < end:
        sleep(0.05)


def _survey(chaos: Chaos, recorder: Recorder, clients: Clients) -> float:
    """Kill each mock, so that no request can take effect any more, and read everything from new ones."""
    for replica in chaos.replicas:
        replica.kill()
    chaos.database.drain()
    recorder.settle()
    for probes in (chaos.probes, chaos.balanced_probes):
        probes.recorder.settle()
    surveyed = perf_counter()
    replica = chaos.replicas[0]
    replica.start()
    assert replica.url is not None
    with recorder.client(replica.url, timeout=PATIENCE) as client:
        client.delete("/_mock/faults").raise_for_status()
        survey(client, *clients.keys)
    for probes in (chaos.probes, chaos.balanced_probes):
        with probes.recorder.client(replica.url, timeout=PATIENCE) as client:
            survey(client, probes.key)
    return surveyed
