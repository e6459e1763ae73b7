"""Several processes that serve one socket. One that dies, or no longer responds, is replaced.

The kernel gives each new connection to one of them. Each has a store of its own, which must be a shared one.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from socket import socket
from typing import Final

from mockserver.server.own_process import SERVE, ChildProcess
from mockserver.settings import Settings

_PAUSE_SECONDS: Final = 1.0
"""The time before another try if a replacement cannot start, as while the database is away."""

LOOK_SECONDS: Final = 1.0
MOST_SILENT: Final = 30
"""The looks in a row at which a process does not respond until it is killed. A large change holds it up for seconds.

Looks are counted, and no time: after a pause of the whole machine, none of them is missing.
"""

_log: Final = logging.getLogger(__name__)


class Workers:
    """The processes of one server."""

    def __init__(self, settings: Settings, listening: socket, *, serve: str = SERVE) -> None:
        self._settings = settings
        self._listening = listening
        self._serve = serve
        self._children: list[ChildProcess] = []
        self._ended: SimpleQueue[ChildProcess | None] = SimpleQueue()
        self._is_ending = False
        self._silent: Counter[int] = Counter()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [child.pid for child in self._children]

    def start(self) -> bool:
        """Start all, and wait until each serves; False if `stop` was called meanwhile.

        Raises what one of them raises; then none is left.
        """
        try:
            for _ in range(self._settings.workers):
                self._children.append(self._child())
            for child in _as_they_answer(self._children):
                if not self._has_started(child):
                    self.end()
                    return False
        except BaseException:
            self.end()
            raise
        return True

    def run(self) -> None:
        """Replace processes that die, until `stop` is called; then end all."""
        try:
            while (dead := self._next_ended()) is not None:
                _log.error("worker %d ended with exit code %d; another one takes its place", dead.pid, dead.wait())
                self._silent.pop(dead.pid, None)
                self._replace(dead)
        finally:
            self.end()

    def stop(self) -> None:
        """Let `start` or `run` end, without waiting for processes that start. A signal handler may call it."""
        self._is_ending = True
        self._ended.put(None)
        for child in self._children:
            if child.is_starting:
                child.kill()

    def end(self) -> None:
        """End all processes, at the same time."""
        self._is_ending = True
        threads = [threading.Thread(target=child.end) for child in self._children]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _next_ended(self) -> ChildProcess | None:
        """The next process that has died; None if `stop` was called."""
        while True:
            try:
                return self._ended.get(timeout=LOOK_SECONDS)
            except Empty:
                for child in self._children:
                    self._look_at(child)

    def _look_at(self, child: ChildProcess) -> None:
        """Kill a process that has not responded for long, such as one that is suspended or in an endless loop."""
        self._silent[child.pid] = 0 if child.has_beaten() else self._silent[child.pid] + 1
        if self._silent[child.pid] == MOST_SILENT:
            _log.error("worker %d does not respond for %g s; it is killed", child.pid, MOST_SILENT * LOOK_SECONDS)
            child.kill()

    def _replace(self, dead: ChildProcess) -> None:
        while not self._is_ending:
            child = self._child()
            self._children[self._children.index(dead)] = child
            dead.end()
            try:
                if self._has_started(child):
                    return
            except Exception as error:
                _log.error("worker %d cannot start: %s", child.pid, error)
                dead = child
                time.sleep(_PAUSE_SECONDS)

    def _has_started(self, child: ChildProcess) -> bool:
        """Wait until it serves, and watch it; False if `stop` was called meanwhile. Raises what it raises."""
        if self._is_ending:  # `stop` may not have seen it
            return False
        try:
            child.wait_started()
        except Exception:
            if self._is_ending:
                return False
            raise
        self._watch(child)
        return True

    def _child(self) -> ChildProcess:
        return ChildProcess(self._settings, serve=self._serve, listening=self._listening)

    def _watch(self, child: ChildProcess) -> None:
        threading.Thread(target=self._await_end, args=(child,), daemon=True).start()

    def _await_end(self, child: ChildProcess) -> None:
        child.wait()
        if not self._is_ending:
            self._ended.put(child)


def _as_they_answer(children: Sequence[ChildProcess]) -> Iterator[ChildProcess]:
    """Each as soon as it has started or failed: one that waits for a file that another one opens answers late."""
    waiting = list(children)
    while waiting:
        for child in select.select(waiting, [], [])[0]:
            waiting.remove(child)
            yield child
