"""A mock in a process of its own, which ends with this one.

Tests change the process they run in: they stop its time, replace its sockets, block its threads. A mock in another
process does not notice.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mockserver.settings import Settings

_SECONDS_TO_END: Final = 5.0
# The other process finds the package wherever this one has found it. The settings may hold secrets, so they are sent
# through a pipe: everybody on the machine sees arguments.
_PROGRAM: Final = "import sys; sys.path[:] = {path!r}; import mockserver.server.child_process as child; child.serve()"


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


@contextmanager
def process_of(settings: Settings) -> Iterator[str]:
    """The URL of a mock in a process of its own, until the block ends. Raises what `running` raises."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C ends the tests first, which still need the mock at their end
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin as parent, process.stdout:
        _SettingsPickler(parent).dump(settings)
        parent.flush()
        try:
            started = pickle.load(process.stdout)
        except EOFError:
            raise StartFailed("the mock's process ended before it served; its output says why") from None
        if isinstance(started, StartRefusal):
            raise started.error()
        try:
            yield started
        finally:
            parent.close()  # the other process waits for this
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS_TO_END)
            process.kill()
