"""Send the events of a run to its reports, through Ctrl-C and closed pipes."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from mockserver.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from contracts.finding import Event
    from contracts.order import Order
    from contracts.reports.report import Report


def send_events(order: Order, reports: list[Report]) -> int:
    """Run the order, and return its exit code. Raises UsageError if a report cannot be written."""
    from contracts.run import check

    code = 3
    try:
        code = _send_all(check(order), reports)
    finally:
        errors = [error for report in reports if (error := _close(report)) is not None]
    if errors:
        raise UsageError(f"a report could not be written: {'; '.join(map(str, errors))}")
    return code


def _send_all(events: Generator[Event, None, None], reports: list[Report]) -> int:
    """Send all events. The first interrupt lets the run report its results; a second one ends it at once."""
    from contracts.finding import Finished

    code, is_interrupted = 3, False
    while True:
        try:
            for event in events:
                code = event.exit_code if isinstance(event, Finished) else code
                _send(event, reports)
            return code
        except KeyboardInterrupt:
            if is_interrupted:
                raise
            is_interrupted = True
            with contextlib.suppress(StopIteration):
                _send(events.throw(KeyboardInterrupt()), reports)


def _send(event: Event, reports: list[Report]) -> None:
    for report in reports:
        try:
            report.handle(event)
        except BrokenPipeError:
            _discard_output()


def _close(report: Report) -> OSError | None:
    try:
        report.close()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        return error
    return None


def _discard_output() -> None:
    # the exit code stays that of the run: a closed pager does not turn a failure into a pass
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
