"""A mock that is killed and started again, as an engine does with a container."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Event, Lock
from time import sleep
from typing import Final

from tests.packaging.balancer import Balancer
from tests.scenarios.process import Served, serving

_PAUSE: Final = 0.2
"""The seconds before another start, if the database refuses one."""


class Replica:
    """One of the mocks of a balancer."""

    def __init__(self, number: int, store: str, folder: Path) -> None:
        self.number = number
        self.starts = 0
        self._store = store
        self._folder = folder / f"mock-{number}"
        self._folder.mkdir()
        self._stack = ExitStack()
        self._served: Served | None = None
        self._is_over = Event()
        self._lock = Lock()

    @property
    def url(self) -> str | None:
        """Its URL; None while it is dead."""
        served = self._served
        return None if served is None else served.url

    def start(self, balancer: Balancer | None = None) -> None:
        """Start it, as often as it takes, and lead the balancer to it."""
        with self._lock:
            while not self._is_over.is_set():
                try:
                    served = self._stack.enter_context(serving(self._folder, "--store", self._store, "--quiet"))
                except AssertionError as refused:
                    if "mockserver: " not in str(refused):
                        raise
                    sleep(_PAUSE)
                    continue
                if balancer is not None:
                    balancer.move(self.number, served.url)
                self.starts += 1
                self._served = served
                return

    def kill(self) -> None:
        """End it at once, whatever it does."""
        served, self._served = self._served, None
        if served is not None:
            served.kill()
            self._stack.close()

    def end(self) -> None:
        """Kill it, and start it no more."""
        self._is_over.set()
        with self._lock:
            self.kill()
