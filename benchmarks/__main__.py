"""`make bench`: the processor time of a request, requests per second and p99, as ratios to a bare ASGI app."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.load import LoadError
from benchmarks.machine import circumstances
from benchmarks.peers import NoPeer, prism_command
from benchmarks.postgres import postgres_cases
from benchmarks.replicas import NAME, measure_replicas, replicas_sentence
from benchmarks.report import Report
from benchmarks.rounds import Case, measure_loads, measure_starts
from benchmarks.servers import bare_command, mock_command
from benchmarks.workload import Workload

FULL: Final = {"rounds": 9, "seconds": 3, "starts": 15}
QUICK: Final = {"rounds": 3, "seconds": 1, "starts": 3}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, and save the JSON."""
    arguments = _parser().parse_args(argv)
    sizes = {**FULL, **(QUICK if arguments.quick else {})}
    sizes |= {name: given for name in sizes if (given := getattr(arguments, name)) is not None}
    with tempfile.TemporaryDirectory() as folder:
        cases, notes = cases_of(Path(folder), with_peers=arguments.peers)
        measured, compares_replicas = named(cases, arguments.only), arguments.only.lower() in NAME.lower()
        if not measured and not compares_replicas:
            known = ", ".join([*(case.name for case in cases), NAME])
            print(f"benchmarks: no row has the word {arguments.only!r}; rows are: {known}", file=sys.stderr)
            return 2
        before = circumstances()
        try:
            loads = {"rounds": sizes["rounds"], "seconds": sizes["seconds"]}
            rows = measure_loads(bare_command(), measured, **loads, progress=_say)
            if compares_replicas:
                notes.append(replicas_sentence(measure_replicas(Path(folder), **loads, progress=_say)))
        except LoadError as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 1
    with tempfile.TemporaryDirectory() as folder:  # a store of its own: the loads fill theirs
        starting = named(starting_cases(Path(folder)), arguments.only)
        rows += measure_starts(bare_command(), starting, starts=sizes["starts"], progress=_say)
    report = Report(rows, before, **sizes, notes=notes)
    print(report.markdown(), end="")
    if arguments.json is not None:
        arguments.json.write_text(report.json(), "utf-8")
    return 0


def cases_of(folder: Path, *, with_peers: bool) -> tuple[list[Case], list[str]]:
    """The measured servers with their workloads, and a note on each peer that is missing."""
    memory = mock_command("memory")
    cases = [
        *starting_cases(folder),
        *postgres_cases(folder),
        Case("mock, memory: refused bodies", memory, Workload.REFUSED),
        Case("mock, memory: list of 10 of 100", memory, Workload.LIST),
    ]
    try:
        peers = [Case("Prism", prism_command(), Workload.CHECKOUT)] if with_peers else []
    except NoPeer as error:
        return cases, [f"{error}."]
    return cases + peers, []


def named(cases: Sequence[Case], word: str) -> list[Case]:
    """The cases with this word in their names."""
    return [case for case in cases if word.lower() in case.name.lower()]


def starting_cases(folder: Path) -> list[Case]:
    """The servers whose start is measured, too: the baseline's second copy and the mock with each store."""
    return [
        Case("bare ASGI app", bare_command(), Workload.CHECKOUT),
        Case("mock, SQLite", mock_command(f"sqlite:///{folder}/bench.db"), Workload.CHECKOUT),
        Case("mock, memory", mock_command("memory"), Workload.CHECKOUT),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Take less than a minute.")
    parser.add_argument("--rounds", type=int, help=f"Rounds of loads. [default: {FULL['rounds']}]")
    parser.add_argument("--seconds", type=int, help=f"Seconds of a load. [default: {FULL['seconds']}]")
    parser.add_argument("--starts", type=int, help=f"Cold starts per server. [default: {FULL['starts']}]")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="Measure the rows with this word, such as PostgreSQL."
    )
    parser.add_argument("--peers", action="store_true", help="Measure Prism, too; npm installs it into .cache/peers.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Save the figures as JSON.")
    return parser


def _say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
