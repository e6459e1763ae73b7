"""`make bench`: start, memory, throughput and p99 of the mock, as ratios to a bare ASGI app in the same run."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.subject import Subject

CONNECTIONS = 16


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="a round of load [default: 20000]")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, the servers in turn [default: 5]")
    parser.add_argument("--starts", type=int, default=15, help="cold starts, the servers in turn [default: 15]")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare, *mocks = subjects(Path(folder))
        print(f"python {sys.version.split()[0]}; baseline: {bare.name}; medians, ratios pair by pair\n")
        starts(bare, mocks, times=arguments.starts)
        loads(bare, mocks, requests=arguments.requests, rounds=arguments.rounds)


def subjects(folder: Path) -> list[Subject]:
    """The baseline, then the mock with either store."""
    serve = (sys.executable, "-m", "mockserver", "serve", "--quiet")
    return [
        Subject("bare ASGI app", (sys.executable, "-m", "benchmarks.bare")),
        Subject("mock, sqlite", (*serve, "--store", f"sqlite:///{folder}/bench.db", "--port")),
        Subject("mock, memory", (*serve, "--store", "memory", "--port")),
    ]


def starts(bare: Subject, mocks: Sequence[Subject], *, times: int) -> None:
    """Cold start to the first answered POST."""
    taken: dict[str, list[float]] = {subject.name: [] for subject in (bare, *mocks)}
    for turn in range(times + 1):
        for subject in (bare, *mocks):
            with subject.running() as server:
                milliseconds = server.first_answer_ms()
            if turn:  # the first writes bytecode and warms the disk
                taken[subject.name].append(milliseconds)
    print("cold start to first answered POST")
    for name, figures in taken.items():
        ratios = [own / base for own, base in zip(figures, taken[bare.name], strict=True)]
        print(f"  {name:<14} {statistics.median(figures):7.0f} ms   {statistics.median(ratios):5.2f} x")


def loads(bare: Subject, mocks: Sequence[Subject], *, requests: int, rounds: int) -> None:
    """Throughput, latency and memory under load, each server in turn."""
    print(f"\nPOST /billing/checkout, {CONNECTIONS} connections, {rounds} rounds of {requests} requests")
    rates: dict[str, list[float]] = {}
    rows = {}
    for subject in (bare, *mocks):
        with subject.running() as server:
            server.first_answer_ms()
            found = [server.load(requests=requests, connections=CONNECTIONS) for _ in range(1)]
            after_first = server.megabytes()
            for _ in range(rounds - 1):
                found.append(server.load(requests=requests, connections=CONNECTIONS))
            rates[subject.name] = [load.per_second for load in found]
            rows[subject.name] = (found, after_first, server.megabytes())
    for name, (found, first, last) in rows.items():
        ratio = statistics.median(rates[name]) / statistics.median(rates[bare.name])
        p99 = statistics.median(load.p99_ms for load in found)
        p50 = statistics.median(load.p50_ms for load in found)
        wrong = sum(load.not_200 for load in found)
        print(
            f"  {name:<14} {statistics.median(rates[name]):7.0f} req/s   {ratio:5.3f} x   p50 {p50:5.2f} ms   "
            f"p99 {p99:5.2f} ms   {first:5.0f} MB after {requests}, {last:5.0f} MB after {requests * rounds}"
            + (f"   {wrong} not 200" if wrong else "")
        )


if __name__ == "__main__":
    main()
