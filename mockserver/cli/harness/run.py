"""A run of the harness, as a command asks for it: on its subjects, told by its reports, interrupted by Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.cli.harness import baseline_flags
from mockserver.cli.harness.run_flags import fail_on, report_files, seconds
from mockserver.cli.harness.targets import PROFILES, Subjects, claims_of, control_of, loaded, second_key
from mockserver.cli.parser import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from contracts.drift.notes import Notes
    from contracts.finding import Event
    from contracts.order import Order
    from contracts.redaction import Redaction
    from contracts.reports.report import Report


def harness(
    arguments: argparse.Namespace, *, compares: bool, notes: Notes | None = None, listener: Report | None = None
) -> int:
    """Run the harness on the target, held to the contract or compared with the mock; a listener hears every event."""
    from platformdirs import user_cache_path

    from contracts.checks.keys import secrets_of
    from contracts.order import Order
    from contracts.redaction import Redaction

    # Hypothesis keeps tables of characters; not in the folder where the user happens to be.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(user_cache_path("videodb-mockserver", appauthor=False)))
    files = report_files(arguments.report)
    budget = seconds(arguments.time_budget)
    if arguments.dry_run:
        return _plan(arguments)
    accepted = baseline_flags.baseline(arguments)
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
    return _told(order, [*listeners, *_reports(order, redaction, files)])


def _plan(arguments: argparse.Namespace) -> int:
    """Print what would be done to the target; nothing is sent, no key is needed."""
    from contracts.target import TargetRefused, address_of, planned

    if arguments.target is None:
        raise UsageError("--dry-run is for a TARGET; the mock in-process is asked nothing that costs anybody anything")
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
    from contracts.reports.baseline_report import BaselineReport
    from contracts.reports.console import ConsoleReport
    from contracts.reports.file_report import FileReport
    from contracts.reports.record import Record
    from mockserver._version import __version__

    def record() -> Record:
        return Record(redaction, version=__version__, claims=order.claims or (), fail_on=order.fails_on)

    merging = [BaselineReport(order.baseline, redaction)] if order.baseline and order.updates_baseline else []
    # The console is last: whoever stops reading it does not take the files away.
    return [*(FileReport(form, file, record()) for form, file in files), *merging, ConsoleReport(record(), redaction)]


def _told(order: Order, reports: list[Report]) -> int:
    from contracts.run import check

    code = 3
    try:
        code = _followed(check(order), reports)
    finally:
        unwritten = [error for report in reports if (error := _close(report)) is not None]
    if unwritten:
        raise UsageError(f"a report could not be written: {'; '.join(map(str, unwritten))}")
    return code


def _followed(events: Generator[Event, None, None], reports: list[Report]) -> int:
    """Hand the events on to the end; an interrupt is the run's to end with what it knows, a second one ends it here."""
    from contracts.finding import Finished

    code, is_interrupted = 3, False
    while True:
        try:
            for event in events:
                code = event.exit_code if isinstance(event, Finished) else code
                _tell(event, reports)
            return code
        except KeyboardInterrupt:
            if is_interrupted:
                raise
            is_interrupted = True
            with contextlib.suppress(StopIteration):
                _tell(events.throw(KeyboardInterrupt()), reports)


def _tell(event: Event, reports: list[Report]) -> None:
    for report in reports:
        try:
            report.handle(event)
        except BrokenPipeError:
            _nobody_reads()


def _close(report: Report) -> OSError | None:
    try:
        report.close()
    except BrokenPipeError:
        _nobody_reads()
    except OSError as error:
        return error
    return None


def _nobody_reads() -> None:
    # The exit code stays what the run came to: a pager that is closed early makes no pass of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
