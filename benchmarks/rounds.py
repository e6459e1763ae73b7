"""Rounds: each measures every server once, the baseline among them, so that a ratio is of one moment.

Rule 1: every second round has the reverse order, so that a slow drift of the machine favours no server.
Rule 2: a first round warms the servers and is not counted.
Rule 3: a second copy of the baseline is measured like the mock. Its ratio shows the noise of the machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.measurement import LoadMeasurement, Row, StartMeasurement, load_row, start_row
from benchmarks.servers import RunningServer, ServerCommand
from benchmarks.workload import Workload, fill_accounts

Progress = Callable[[str], None]
Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Case:
    """A server with a workload: one row of the table."""

    name: str
    server: ServerCommand
    workload: Workload

    @property
    def is_refused(self) -> bool:
        """The server refuses each request. The baseline accepts everything."""
        return self.workload is Workload.REFUSED


def measure_loads(
    bare: ServerCommand, cases: Sequence[Case], *, rounds: int, seconds: int, progress: Progress
) -> list[Row]:
    """Measure each case in each round beside the baseline with the same workload. Raises LoadError."""
    pairs: dict[Case, list[tuple[LoadMeasurement, LoadMeasurement]]] = defaultdict(list)
    with ExitStack() as stack:
        baseline = _start(stack, bare)
        servers = {case: _start(stack, case.server) for case in cases}
        for case, server in servers.items():
            if case.workload is Workload.LIST:
                fill_accounts(server.port)
        for turn in range(rounds + 1):
            progress(f"loads, round {turn} of {rounds}" if turn else "loads, warming up")
            for case, own, base in _round(baseline, servers, seconds=seconds, is_reversed=turn % 2 == 0):
                if turn:
                    pairs[case].append((own, base))
    return [load_row(case.name, *_columns(pairs[case])) for case in cases]


def measure_starts(bare: ServerCommand, cases: Sequence[Case], *, starts: int, progress: Progress) -> list[Row]:
    """Measure the cold start of each server beside the baseline's. The loads ran before, so bytecode exists."""
    pairs: dict[Case, list[tuple[StartMeasurement, StartMeasurement]]] = defaultdict(list)
    if cases:
        progress(f"{starts} cold starts")
    for _ in range(starts if cases else 0):
        base = _cold_start(bare)
        for case in cases:
            pairs[case].append((_cold_start(case.server), base))
    return [start_row(f"{case.name}: cold start", *_columns(pairs[case])) for case in cases]


def _round(
    baseline: RunningServer, servers: Mapping[Case, RunningServer], *, seconds: int, is_reversed: bool
) -> Iterator[tuple[Case, LoadMeasurement, LoadMeasurement]]:
    for workload in dict.fromkeys(case.workload for case in servers):
        group = [(case, server) for case, server in servers.items() if case.workload is workload]
        order: list[tuple[Case | None, RunningServer]] = [(None, baseline), *group]
        measured = {
            case: server.measure(workload, seconds=seconds, is_refused=case is not None and case.is_refused)
            for case, server in (reversed(order) if is_reversed else order)
        }
        for case, _ in group:
            yield case, measured[case], measured[None]


def _start(stack: ExitStack, command: ServerCommand) -> RunningServer:
    server = stack.enter_context(command.running())
    server.first_answer()
    return server


def _cold_start(command: ServerCommand) -> StartMeasurement:
    with command.running() as server:
        return server.first_answer()


def _columns(pairs: Iterable[tuple[Measured, Measured]]) -> tuple[list[Measured], list[Measured]]:
    """The own measurements and those of the baseline."""
    own, base = zip(*pairs, strict=True)
    return list(own), list(base)
