"""Send the events of a run to its reports, through Ctrl-C and closed pipes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from mockserver.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from mockserver_contracts.reports.forms import Report
    from mockserver_contracts.results.events import RunEvent
    from mockserver_contracts.run.plan import RunPlan


# Ctrl-C, and what a CI that runs out of time sends: both end a run that then reports what it has.
_ENDS: Final = (signal.SIGINT, signal.SIGTERM)


def send_events(plan: RunPlan, reports: list[Report]) -> int:
    """Run the plan, and return its exit code. Raises UsageError if a report cannot be written.

    A report that fails takes no other report with it.
    """
    from mockserver_contracts.run.run import run_plan

    code = 3
    try:
        code = _send_all(run_plan(plan), reports)
    finally:
        errors = [error for report in reports if (error := _close(report)) is not None]
    if errors:
        raise UsageError(f"a report could not be written: {'; '.join(errors)}")
    return code


def _send_all(events: Generator[RunEvent, None, None], reports: list[Report]) -> int:
    """Send all events. The first interrupt lets the run report its results; a second one ends it at once."""
    from mockserver_contracts.results.events import RunFinished, RunProgress

    code, is_interrupted = 3, False
    with _Interrupts() as interrupts:
        while True:
            try:
                for event in events:
                    code = event.exit_code if isinstance(event, RunFinished) else code
                    _send(event, reports)
                    if isinstance(event, RunProgress):
                        interrupts.raise_lost()
                return code
            except KeyboardInterrupt:
                interrupts.seen += 1
                if is_interrupted:
                    raise
                is_interrupted = True
                with contextlib.suppress(StopIteration):
                    _send(events.throw(KeyboardInterrupt()), reports)


class _Interrupts:
    """Counts the interrupts. Python drops one that comes while it runs a finalizer or a callback of its collector."""

    def __init__(self) -> None:
        self.seen = 0
        self._sent = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> _Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._interrupt) for number in _ENDS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def raise_lost(self) -> None:
        """Raise KeyboardInterrupt if one was sent and not seen: a run that saw it makes no progress any more."""
        if self._sent > self.seen:
            raise KeyboardInterrupt

    def _interrupt(self, *_: object) -> None:
        self._sent += 1
        raise KeyboardInterrupt


def _send(event: RunEvent, reports: list[Report]) -> None:
    for report in reports:
        try:
            report.handle(event)
        except BrokenPipeError:
            _discard_output()


def _close(report: Report) -> str | None:
    from mockserver_contracts.results.failed_check import describe

    try:
        report.close()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        return str(error)
    except Exception as error:
        return describe(error)
    return None


def _discard_output() -> None:
    # the exit code stays that of the run: a closed pager does not turn a failure into a pass
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
