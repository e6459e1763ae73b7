"""Several processes that serve one socket. One that dies is replaced.

The kernel gives each new connection to one of them. Each has a store of its own, which must be a shared one.
"""

from __future__ import annotations

import logging
import threading
import time
from queue import SimpleQueue
from socket import socket
from typing import Final

from mockserver.server.own_process import SERVE, ChildProcess
from mockserver.settings import Settings

_PAUSE_SECONDS: Final = 1.0
"""The time before another try if a replacement cannot start, as while the database is away."""

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

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [child.pid for child in self._children]

    def start(self) -> None:
        """Start all, and wait until each serves. Raises what one of them raises; then none is left."""
        self._children = [self._child() for _ in range(self._settings.workers)]
        try:
            for child in self._children:
                child.wait_started()
                self._watch(child)
        except BaseException:
            self.end()
            raise

    def run(self) -> None:
        """Replace processes that die, until `stop` is called; then end all."""
        try:
            while (dead := self._ended.get()) is not None:
                _log.error("worker %d ended with exit code %d; another one takes its place", dead.pid, dead.wait())
                self._replace(dead)
        finally:
            self.end()

    def stop(self) -> None:
        """Let `run` end. A signal handler may call it."""
        self._is_ending = True
        self._ended.put(None)

    def end(self) -> None:
        """End all processes, at the same time."""
        self._is_ending = True
        threads = [threading.Thread(target=child.end) for child in self._children]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _replace(self, dead: ChildProcess) -> None:
        while not self._is_ending:
            child = self._child()
            self._children[self._children.index(dead)] = child
            dead.end()
            try:
                child.wait_started()
            except Exception as error:
                _log.error("worker %d cannot start: %s", child.pid, error)
                dead = child
                time.sleep(_PAUSE_SECONDS)
            else:
                self._watch(child)
                return

    def _child(self) -> ChildProcess:
        return ChildProcess(self._settings, serve=self._serve, listening=self._listening)

    def _watch(self, child: ChildProcess) -> None:
        threading.Thread(target=self._await_end, args=(child,), daemon=True).start()

    def _await_end(self, child: ChildProcess) -> None:
        child.wait()
        if not self._is_ending:
            self._ended.put(child)
