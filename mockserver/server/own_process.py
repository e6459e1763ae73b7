"""A mock in a process of its own, which ends with this one.

Tests change the process they run in: they stop its time, replace its sockets, block its threads. A mock in another
process does not notice.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import socket
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mockserver.settings import Settings

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

BEAT: Final = b"."
"""The byte that says that the other process goes on."""
BEAT_SECONDS: Final = 0.5
_SECONDS_TO_END: Final = 3.0
SERVE: Final = "mockserver.server.child_process.serve"
"""The function that the other process calls, with the descriptor for its answer and that of a listening socket."""
# The other process finds the package wherever this one has found it. The settings may hold secrets, so they are sent
# through a pipe: everybody on the machine sees arguments.
_PROGRAM: Final = "import sys; sys.path[:] = {path!r}; from {module} import {name}; {name}({answers}, {listening})"


class _SettingsPickler(pickle.Pickler):
    """Pickles read-only mappings too, which some settings are."""

    def reducer_override(self, value: object) -> Any:
        """See pickle.Pickler."""
        return (_read_only, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented


def _read_only(members: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(members)


class StartFailed(RuntimeError):
    """The other process ended before it served."""


class StartRefusal(NamedTuple):
    """An error of the other process: its class, message and attributes. Not every class can be made of a message."""

    kind: type[Exception]
    message: str
    attributes: dict[str, Any]

    def error(self) -> Exception:
        """The same error in this process."""
        error = self.kind.__new__(self.kind, self.message)
        error.__dict__.update(self.attributes)
        return error


class ChildProcess:
    """A process that serves a mock until it is ended, or until this process dies."""

    def __init__(self, settings: Settings, *, serve: str = SERVE, listening: socket | None = None) -> None:
        """Start it. It listens by itself, or serves a socket that listens already.

        It is in a session of its own: Ctrl-C reaches this process alone, which ends the other one when it needs it no
        more.
        """
        module, _, name = serve.rpartition(".")
        descriptor = None if listening is None else listening.fileno()
        answers, told = os.pipe()
        program = _PROGRAM.format(path=sys.path, module=module, name=name, answers=told, listening=descriptor)
        self._answers = os.fdopen(answers, "rb")
        self._is_starting = True
        self._is_watched = listening is not None
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            pass_fds=[told] if descriptor is None else [told, descriptor],
            start_new_session=True,
        )
        os.close(told)
        assert self._process.stdin is not None
        self._parent = self._process.stdin
        with suppress(BrokenPipeError):  # it has ended; `wait_started` says so
            _SettingsPickler(self._parent).dump(settings)
            self._parent.flush()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """The descriptor of its answer, to wait for several processes at once."""
        return self._answers.fileno()

    @property
    def is_starting(self) -> bool:
        """Nobody knows yet whether it serves."""
        return self._is_starting

    def wait_started(self) -> str:
        """Wait until it serves, and return its URL. Raises its error, or StartFailed."""
        try:
            started = pickle.load(self._answers)
        except EOFError:
            raise StartFailed("the mock's process ended before it served; its output says why") from None
        finally:
            self._is_starting = False
            if not self._is_watched:
                self._answers.close()
        if isinstance(started, StartRefusal):
            raise started.error()
        url: str = started
        return url

    def has_beaten(self) -> bool:
        """The event loop of a process that serves a socket of ours has gone round since the last call."""
        if not select.select([self._answers], [], [], 0)[0]:
            return False
        return bool(os.read(self.fileno(), 4096))

    def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""
        return self._process.wait()

    def kill(self) -> None:
        """Kill it at once. A signal handler may call it."""
        self._process.kill()

    def end(self) -> None:
        """Let it end what it serves; kill it if it does not serve yet, or takes too long."""
        if self.is_starting:
            self.kill()
        self._answers.close()
        with suppress(BrokenPipeError):
            self._parent.close()  # the other process waits for this
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)
        self._process.kill()
        self._process.wait()


@contextmanager
def process_of(settings: Settings) -> Iterator[str]:
    """The URL of a mock in a process of its own, until the block ends. Raises what `running` raises."""
    child = ChildProcess(settings)
    try:
        yield child.wait_started()
    finally:
        child.end()
