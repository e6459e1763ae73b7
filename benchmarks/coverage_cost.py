"""`python -m benchmarks.coverage_cost`: the processor time of a checkout with and without `--coverage`.

The checkouts are answered in this process, without a socket. Turns of both alternate, and quantiles of the turns are
compared: other work on the machine disturbs both alike. `different` bodies all differ from each other.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

from mockserver import Settings, create_app
from mockserver.asgi import ASGIApp

TURN: Final = 64
_ALIKE: Final = b'{"amount": 50, "success_url": "https://shop.example/paid"}'
_SCOPE: Final = {
    "type": "http",
    "method": "POST",
    "path": "/billing/checkout",
    "raw_path": b"/billing/checkout",
    "query_string": b"",
    "root_path": "",
    "scheme": "http",
    "server": ("127.0.0.1", 8765),
    "headers": [(b"host", b"127.0.0.1:8765"), (b"content-type", b"application/json"), (b"x-access-token", b"sk-bench")],
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print a line for each kind of bodies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=600, help="Turns of 64 checkouts each. [default: 600]")
    turns = parser.parse_args(argv).turns
    for different in (False, True):
        off, on = measure(turns, different=different)
        shown = "  ".join(f"{name} {before:.1f} -> {after:.1f} us" for name, before, after in _quantiles(off, on))
        print(f"{'different' if different else 'alike':<10} {shown}")
    return 0


def measure(turns: int, *, different: bool) -> tuple[list[float], list[float]]:
    """The microseconds of a checkout in each turn, without and with coverage."""
    apps = [create_app(Settings(store="memory", coverage=counts)) for counts in (False, True)]
    found: tuple[list[float], list[float]] = ([], [])
    with asyncio.Runner() as runner:
        for app in apps:
            runner.run(_turn(app, 0, different=different))
        gc.collect()
        gc.disable()
        try:
            for number in range(1, turns + 1):
                for index in (0, 1) if number % 2 else (1, 0):
                    began = time.process_time_ns()
                    runner.run(_turn(apps[index], number * TURN, different=different))
                    found[index].append((time.process_time_ns() - began) / TURN / 1_000)
        finally:
            gc.enable()
    return found


async def _turn(app: ASGIApp, start: int, *, different: bool) -> None:
    async def send(_: Any) -> None:
        """Drop the reply."""

    for number in range(start, start + TURN):
        body = b'{"amount": 50, "success_url": "https://shop.example/%d"}' % number if different else _ALIKE

        async def receive(body: bytes = body) -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await app(dict(_SCOPE), receive, send)


def _quantiles(off: list[float], on: list[float]) -> list[tuple[str, float, float]]:
    before, after = statistics.quantiles(off, n=20), statistics.quantiles(on, n=20)
    return [(f"p{5 * (place + 1)}", before[place], after[place]) for place in (0, 1, 4, 9)]


if __name__ == "__main__":
    raise SystemExit(main())
