"""Run the harness for a command: open its subjects, write its reports, and end at Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.cli import baseline
from mockserver.cli.command import UsageError
from mockserver.cli.harness_flags import fail_on, report_files, seconds
from mockserver.cli.subjects import PROFILES, Subjects, claims_of, control_of, loaded, second_key

if TYPE_CHECKING:
    from collections.abc import Generator

    from mockserver_contracts.reports.redaction import Redaction
    from mockserver_contracts.reports.report import Report
    from mockserver_contracts.results.events import RunEvent
    from mockserver_contracts.run.observations import Observations
    from mockserver_contracts.run.plan import Order


def harness(
    arguments: argparse.Namespace, *, compares: bool, notes: Observations | None = None, listener: Report | None = None
) -> int:
    """Check the target against the contract or compare it with the mock. A listener gets every event."""
    from mockserver_contracts.checks.keys import secrets_of
    from mockserver_contracts.reports.redaction import Redaction
    from mockserver_contracts.run.plan import Order
    from platformdirs import user_cache_path

    # Hypothesis caches tables of characters, which do not belong in the user's current folder.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(user_cache_path("videodb-mockserver", appauthor=False)))
    files = report_files(arguments.report)
    budget = seconds(arguments.time_budget)
    if arguments.dry_run:
        return _print_plan(arguments)
    accepted = baseline.baseline(arguments)
    subjects = Subjects(arguments, compares=compares, notes=notes)
    second = second_key(arguments)
    keys = (*subjects.secrets, *filter(None, [second]))
    redaction = Redaction(form for key in keys for form in secrets_of(key))
    order = Order(
        name=arguments.target or "mock",
        subjects=subjects.all,
        seed=arguments.seed,
        max_examples=arguments.max_examples,
        time_budget=budget,
        fail_on=fail_on(arguments.fail_on or []),
        claims=None if arguments.fuzz_only else claims_of(subjects.all),
        fuzz=not arguments.claims_only,
        rules=not arguments.claims_only,
        strict=arguments.strict,
        control=control_of(arguments),
        second_key=second,
        baseline=accepted,
        updates_baseline=arguments.update_baseline,
    )
    listeners = [] if listener is None else [listener]
    return _run(order, [*listeners, *_reports(order, redaction, files)])


def _print_plan(arguments: argparse.Namespace) -> int:
    """Print the plan of the run. Nothing is sent, and no key is needed."""
    from mockserver_contracts.target.target import TargetRefused, address_of, planned

    if arguments.target is None:
        raise UsageError("--dry-run is for a TARGET; requests to the mock in-process cost nothing")
    spec = None if arguments.spec is None else Path(arguments.spec)
    document = loaded(arguments.profile or PROFILES[0], spec)[0].document
    try:
        url, host = address_of(arguments.target, document, allow_production=arguments.allow_production)
    except TargetRefused as error:
        raise UsageError(str(error)) from None
    for sentence in (*planned(url, host), "Nothing was sent."):
        print(sentence)
    return 0


def _reports(order: Order, redaction: Redaction, files: list[tuple[str, Path]]) -> list[Report]:
    from mockserver_contracts.reports.baseline_report import BaselineReport
    from mockserver_contracts.reports.console import ConsoleReport
    from mockserver_contracts.reports.file_report import FileReport
    from mockserver_contracts.reports.record import RunRecord

    from mockserver._version import __version__

    def record() -> RunRecord:
        return RunRecord(redaction, version=__version__, claims=order.claims or (), fail_on=order.fails_on)

    merging = [BaselineReport(order.baseline, redaction)] if order.baseline and order.updates_baseline else []
    # The console is last: if its reader goes away, the files are written all the same.
    return [*(FileReport(form, file, record()) for form, file in files), *merging, ConsoleReport(record(), redaction)]


def _run(order: Order, reports: list[Report]) -> int:
    from mockserver_contracts.run.run import check

    code = 3
    try:
        code = _follow(check(order), reports)
    finally:
        unwritten = [error for report in reports if (error := _close(report)) is not None]
    if unwritten:
        raise UsageError(f"a report could not be written: {'; '.join(map(str, unwritten))}")
    return code


def _follow(events: Generator[RunEvent, None, None], reports: list[Report]) -> int:
    """Give each event to the reports. The first interrupt ends the run with its findings so far, the second at once."""
    from mockserver_contracts.results.events import RunFinished

    code, is_interrupted = 3, False
    while True:
        try:
            for event in events:
                code = event.exit_code if isinstance(event, RunFinished) else code
                _handle(event, reports)
            return code
        except KeyboardInterrupt:
            if is_interrupted:
                raise
            is_interrupted = True
            with contextlib.suppress(StopIteration):
                _handle(events.throw(KeyboardInterrupt()), reports)


def _handle(event: RunEvent, reports: list[Report]) -> None:
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
    # The exit code stays the one of the run, even if a pager is closed early.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
