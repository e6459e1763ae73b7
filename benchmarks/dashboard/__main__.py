"""`python -m benchmarks.dashboard`: the time to open a full dashboard over an empty one, and its frames under load."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.dashboard.filling import EXCHANGES_OF_AN_ACCOUNT, fill_journal, fill_store
from benchmarks.servers import environment, mock_command
from tests.browser.chromium import launched

OPENINGS: Final = 15
LONGEST_FRAME: Final = 50
KINDS_OF_WORK: Final = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
# the page is open when its three lists are loaded and painted
IS_OPEN: Final = """() => {
  const has = (list, empty) => document.getElementById(list).children.length || !document.getElementById(empty).hidden;
  return has("session-list", "sessions-empty") && has("exchange-list", "journal-empty")
    && document.getElementById("accounts").children.length > 0
    && document.getElementById("connection-text").textContent === "Live";
}"""
OPENED: Final = """new Promise((resolve) => {
  const isOpen = %s;
  const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  const look = () => (isOpen() ? painted() : requestAnimationFrame(look));
  look();
})"""
WATCH_FRAMES: Final = """() => {
  window.frames = [];
  window.tasks = [];
  let before = performance.now();
  const next = (now) => {
    window.frames.push(now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" });
}"""


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard", description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000, help="Accounts of the full mock. [default: 1000]")
    parser.add_argument("--sessions", type=int, default=100_000, help="Its sessions. [default: 100000]")
    parser.add_argument("--rate", type=int, default=200, help="Requests a second. [default: 200]")
    parser.add_argument("--seconds", type=int, default=20, help="Seconds of requests. [default: 20]")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty, full = (f"sqlite:///{folder}/{name}.db" for name in ("empty", "full"))
        asyncio.run(fill_store(full, accounts=arguments.accounts, sessions=arguments.sessions))
        with a_mock(empty) as empty_url, a_mock(full) as full_url:
            exchanges = EXCHANGES_OF_AN_ACCOUNT * arguments.accounts
            asyncio.run(fill_journal(full_url, accounts=arguments.accounts, exchanges=exchanges))
            with launched() as browser:
                measure_opening(browser, empty_url, full_url)
                measure_frames(browser, full_url, per_second=arguments.rate, seconds=arguments.seconds)


@contextmanager
def a_mock(store: str) -> Iterator[str]:
    """The address of a mock in a process of its own."""
    with mock_command(store).running() as server:
        server.first_answer()
        yield f"http://127.0.0.1:{server.port}"


def measure_opening(browser: Browser, empty_url: str, full_url: str) -> None:
    """Open both dashboards in turn, and print the medians."""
    times: dict[str, list[float]] = {empty_url: [], full_url: []}
    for _ in range(OPENINGS):
        for url, found in times.items():
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(f"{url}/_mock/")
                found.append(page.evaluate(OPENED % IS_OPEN))
    empty, full = (statistics.median(found) for found in times.values())
    print(f"opening, medians of {OPENINGS}: empty {empty:.0f} ms, full {full:.0f} ms, {full / empty:.2f} x")
    print(f"  quickest: empty {min(times[empty_url]):.0f} ms, full {min(times[full_url]):.0f} ms")


def measure_frames(browser: Browser, url: str, *, per_second: int, seconds: int) -> None:
    """Watch the frames of a dashboard while requests come in, and print them."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto("about:blank")
        print(f"{per_second} requests a second for {seconds} s. The frames of an empty page, which show the machine:")
        watch_frames(page, url, per_second=per_second, seconds=seconds)
        page.goto(f"{url}/_mock/")
        page.evaluate(OPENED % IS_OPEN)
        usage = PageUsage(page)
        print("The frames of the dashboard:")
        watch_frames(page, url, per_second=per_second, seconds=seconds)
        spent = (f"{name} {value:.2f}" for name, value in usage.seconds().items())
        print(f"  seconds of its main thread: {', '.join(spent)}")
        print(f"  rows in its lists: {page.locator('main li').count()}")


def watch_frames(page: Page, url: str, *, per_second: int, seconds: int) -> None:
    """Print the frames of a page while requests come in."""
    page.evaluate(WATCH_FRAMES)
    port = url.rpartition(":")[2]
    command = [sys.executable, "-m", "benchmarks.dashboard.live_load", port, str(per_second), str(seconds)]
    with subprocess.Popen(command, env=environment()) as load:
        while load.poll() is None:
            page.wait_for_timeout(250)
    frames, tasks = page.evaluate("[window.frames.slice(1), window.tasks]")
    late = sum(frame > LONGEST_FRAME for frame in frames)
    print(f"  {len(frames)} frames, p99 {quantile(frames, 0.99):.0f} ms, longest {max(frames):.0f} ms,")
    print(f"  {late} over {LONGEST_FRAME} ms; tasks over 50 ms: {len(tasks)}")


class PageUsage:
    """The processor time of a page's main thread, from now on."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._read()

    def seconds(self) -> dict[str, float]:
        """The seconds since the start, by the kind of work."""
        return {name: value - self._before[name] for name, value in self._read().items()}

    def _read(self) -> dict[str, float]:
        found = {each["name"]: each["value"] for each in self._session.send("Performance.getMetrics")["metrics"]}
        return {name.removesuffix("Duration"): found[name] for name in KINDS_OF_WORK}


def quantile(values: list[float], share: float) -> float:
    """The value that a share of the values does not exceed."""
    return sorted(values)[int(share * (len(values) - 1))]


if __name__ == "__main__":
    main()
