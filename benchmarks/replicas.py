"""Three mocks on one PostgreSQL beside one of them: a request costs each of them no more.

Rule 1: each mock has the connections of a whole load, so that its batches are as large as those of one mock alone.
Rule 2: a ratio is of one round. Every second round has the reverse order, and a first one is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.measurement import Spread
from benchmarks.postgres import postgres_address, postgres_server
from benchmarks.servers import RunningServer, mock_command
from benchmarks.workload import Workload

NAME: Final = "three mocks, PostgreSQL"
_REPLICAS: Final = 3
_NEXT_TRANSACTION: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a request over all mocks of a group, and their requests a second together."""

    processor_seconds: float | None
    transactions: float
    per_second: float


def measure_replicas(
    folder: Path, *, rounds: int, seconds: int, progress: Callable[[str], None]
) -> list[tuple[Cost, Cost]]:
    """Measure one mock and three in each round, on the PostgreSQL of a temporary folder. Raises LoadError."""
    server, command = postgres_server(folder), mock_command(postgres_address(folder))
    pairs = []
    with ExitStack() as stack:
        mocks = [stack.enter_context(command.running()) for _ in range(_REPLICAS)]
        for mock in mocks:
            mock.first_answer()
        for turn in range(rounds + 1):
            progress(f"{NAME}, round {turn} of {rounds}" if turn else f"{NAME}, warming up")
            counts = (1, _REPLICAS) if turn % 2 else (_REPLICAS, 1)
            costs = {count: _measure(mocks[:count], server, seconds=seconds) for count in counts}
            if turn:
                pairs.append((costs[1], costs[_REPLICAS]))
    return pairs


def replicas_sentence(pairs: Sequence[tuple[Cost, Cost]]) -> str:
    """The ratios of three mocks to one as a sentence, each a median with the lowest and the highest."""
    times = [
        three.processor_seconds / one.processor_seconds
        for one, three in pairs
        if one.processor_seconds is not None and three.processor_seconds is not None
    ]
    processor = f"{_shown(times)} times the processor time of a request, " if times else ""
    transactions = _shown([three.transactions / one.transactions for one, three in pairs])
    speed = _shown([three.per_second / one.per_second for one, three in pairs])
    count = Spread.of([three.transactions for _, three in pairs]).median
    return (
        f"Three mocks on one PostgreSQL, each with a load of its own, took {processor}{transactions} times the writing"
        f" transactions, {count:.3f} a request, and served {speed} times as many requests a second as one of them."
    )


def writing_transactions(server: str) -> int:
    """The number of the next transaction that writes: PostgreSQL counts them for all databases."""
    with psycopg.connect(server) as connection:
        [number] = connection.execute(_NEXT_TRANSACTION).fetchone() or (0,)
    return int(number)


def _measure(mocks: Sequence[RunningServer], server: str, *, seconds: int) -> Cost:
    before = writing_transactions(server)
    with ThreadPoolExecutor(len(mocks)) as pool:
        loads = list(pool.map(lambda mock: mock.measure(Workload.CHECKOUT, seconds=seconds, is_refused=False), mocks))
    written = writing_transactions(server) - before
    speed = sum(load.per_second for load in loads)
    used = [load.processor_seconds * load.per_second for load in loads if load.processor_seconds is not None]
    return Cost(sum(used) / speed if len(used) == len(loads) else None, written / (speed * seconds), speed)


def _shown(ratios: Sequence[float]) -> str:
    spread = Spread.of(ratios)
    return f"{spread.median:.2f} ({spread.lowest:.2f} to {spread.highest:.2f})"
