"""`make bench`: start, memory, throughput and p99 of the mock, as ratios to a bare ASGI app in the same run."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.load import Load
from benchmarks.servers import ServerCommand

CONNECTIONS = 16


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="Requests per round. [default: 20000]")
    parser.add_argument("--rounds", type=int, default=5, help="Rounds per server. [default: 5]")
    parser.add_argument("--starts", type=int, default=15, help="Cold starts per server. [default: 15]")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare, *mocks = commands(Path(folder))
        print(f"python {sys.version.split()[0]}; baseline: {bare.name}; medians, ratios pair by pair\n")
        measure_starts(bare, mocks, times=arguments.starts)
        measure_loads(bare, mocks, requests=arguments.requests, rounds=arguments.rounds)


def commands(folder: Path) -> list[ServerCommand]:
    """The commands of the baseline and of the mock with each store."""
    serve = (sys.executable, "-m", "mockserver", "serve", "--quiet")
    return [
        ServerCommand("bare ASGI app", (sys.executable, "-m", "benchmarks.bare_app")),
        ServerCommand("mock, sqlite", (*serve, "--store", f"sqlite:///{folder}/bench.db", "--port")),
        ServerCommand("mock, memory", (*serve, "--store", "memory", "--port")),
    ]


def measure_starts(bare: ServerCommand, mocks: Sequence[ServerCommand], *, times: int) -> None:
    """Measure the time from a cold start to the first answered POST."""
    durations: dict[str, list[float]] = {command.name: [] for command in (bare, *mocks)}
    for turn in range(times + 1):
        for command in (bare, *mocks):
            with command.running() as server:
                milliseconds = server.first_answer_ms()
            if turn:  # the first start writes bytecode and warms the disk cache
                durations[command.name].append(milliseconds)
    print("cold start to first answered POST")
    for name, figures in durations.items():
        ratios = [own / base for own, base in zip(figures, durations[bare.name], strict=True)]
        print(f"  {name:<14} {statistics.median(figures):7.0f} ms   {statistics.median(ratios):5.2f} x")


def measure_loads(bare: ServerCommand, mocks: Sequence[ServerCommand], *, requests: int, rounds: int) -> None:
    """Measure throughput, latency and memory under load. The servers alternate, so that each ratio is of one moment."""
    print(f"\nPOST /billing/checkout, {CONNECTIONS} connections, {rounds} rounds of {requests} requests")
    commands = (bare, *mocks)
    results: dict[str, list[Load]] = {command.name: [] for command in commands}
    memory: dict[str, list[float]] = {command.name: [] for command in commands}
    with ExitStack() as stack:
        servers = [(command.name, stack.enter_context(command.running())) for command in commands]
        for _, server in servers:
            server.first_answer_ms()
        for _ in range(rounds):
            for name, server in servers:
                results[name].append(server.load(requests=requests, connections=CONNECTIONS))
                memory[name].append(server.megabytes())
    for command in commands:
        own, base = results[command.name], results[bare.name]
        rate = statistics.median(load.per_second for load in own)
        ratio = statistics.median(a.per_second / b.per_second for a, b in zip(own, base, strict=True))
        p50, p99 = (statistics.median(getattr(load, name) for load in own) for name in ("p50_ms", "p99_ms"))
        first, last = memory[command.name][0], memory[command.name][-1]
        wrong = sum(load.not_200 for load in own)
        print(
            f"  {command.name:<14} {rate:7.0f} req/s   {ratio:5.3f} x   p50 {p50:5.2f} ms   p99 {p99:5.2f} ms   "
            f"{first:5.0f} MB after {requests}, {last:5.0f} MB after {requests * rounds}"
            + (f"   {wrong} not 200" if wrong else "")
        )


if __name__ == "__main__":
    main()
