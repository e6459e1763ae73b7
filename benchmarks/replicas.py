"""Three mocks that share one PostgreSQL state, beside three with a state each and beside one alone.

Rule 1: each mock has the connections of a whole load, so that its batches are as large as those of one mock alone.
Rule 2: three mocks with a schema each share the machine and the database, and no state. What sharing costs is the ratio
to them; what more programs on the same cores cost is their ratio to one mock.
Rule 3: a ratio is of one round. Every second round has the reverse order, and a first one is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import psycopg

from benchmarks.measurement import Spread
from benchmarks.postgres import postgres_address, postgres_server
from benchmarks.servers import RunningServer, mock_command
from benchmarks.workload import Workload

NAME: Final = "three mocks, PostgreSQL"
ONE: Final = "one mock"
SHARING: Final = "three mocks of one schema"
APART: Final = "three mocks with a schema each"
_REPLICAS: Final = 3
_NEXT_TRANSACTION: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a request over all mocks of a group, and their requests a second together."""

    processor_seconds: float | None
    transactions: float
    per_second: float


Round: TypeAlias = dict[str, Cost]
"""The cost of each group of mocks, of one round."""


def measure_replicas(folder: Path, *, rounds: int, seconds: int, progress: Callable[[str], None]) -> list[Round]:
    """Measure each group in each round, on the PostgreSQL of a temporary folder. Raises LoadError."""
    server = postgres_server(folder)
    with ExitStack() as stack:
        groups = _start_groups(folder, stack)
        measured = []
        for turn in range(rounds + 1):
            progress(f"{NAME}, round {turn} of {rounds}" if turn else f"{NAME}, warming up")
            names = list(groups) if turn % 2 else list(reversed(groups))
            costs = {name: _measure(groups[name], server, seconds=seconds) for name in names}
            if turn:
                measured.append(costs)
    return measured


def replicas_sentence(rounds: Sequence[Round]) -> str:
    """The ratios of the groups as sentences, each ratio a median with the lowest and the highest."""
    count = Spread.of([costs[SHARING].transactions for costs in rounds]).median
    return (
        f"Three mocks of one PostgreSQL schema, each with a load of its own, had {_ratios(rounds, SHARING, APART)} of"
        f" three mocks with a schema each, with {count:.3f} transactions a request; and"
        f" {_ratios(rounds, SHARING, ONE)} of one mock alone."
    )


def writing_transactions(server: str) -> int:
    """The number of the next transaction that writes: PostgreSQL counts them for all databases."""
    with psycopg.connect(server) as connection:
        [number] = connection.execute(_NEXT_TRANSACTION).fetchone() or (0,)
    return int(number)


def _start_groups(folder: Path, stack: ExitStack) -> dict[str, list[RunningServer]]:
    shared = mock_command(postgres_address(folder))
    sharing = [stack.enter_context(shared.running()) for _ in range(_REPLICAS)]
    own = [mock_command(postgres_address(folder, f"-apart-{number}")) for number in range(_REPLICAS)]
    apart = [stack.enter_context(command.running()) for command in own]
    for mock in sharing + apart:
        mock.first_answer()
    return {ONE: apart[:1], SHARING: sharing, APART: apart}


def _measure(mocks: Sequence[RunningServer], server: str, *, seconds: int) -> Cost:
    before = writing_transactions(server)
    with ThreadPoolExecutor(len(mocks)) as pool:
        loads = list(pool.map(lambda mock: mock.measure(Workload.CHECKOUT, seconds=seconds, is_refused=False), mocks))
    written = writing_transactions(server) - before
    speed = sum(load.per_second for load in loads)
    used = [load.processor_seconds * load.per_second for load in loads if load.processor_seconds is not None]
    return Cost(sum(used) / speed if len(used) == len(loads) else None, written / (speed * seconds), speed)


def _ratios(rounds: Sequence[Round], name: str, other: str) -> str:
    pairs = [(costs[name], costs[other]) for costs in rounds]
    times = [
        cost.processor_seconds / base.processor_seconds
        for cost, base in pairs
        if cost.processor_seconds is not None and base.processor_seconds is not None
    ]
    processor = f"{_shown(times)} times the processor time of a request, " if times else ""
    transactions = _shown([cost.transactions / base.transactions for cost, base in pairs])
    speed = _shown([cost.per_second / base.per_second for cost, base in pairs])
    return f"{processor}{transactions} times the writing transactions and {speed} times the requests a second"


def _shown(ratios: Sequence[float]) -> str:
    spread = Spread.of(ratios)
    return f"{spread.median:.2f} ({spread.lowest:.2f} to {spread.highest:.2f})"
