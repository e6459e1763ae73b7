"""Run the harness for a command: build the plan of the run, and send its events to the reports."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.garbage import rare_collections
from mockserver.cli.github_actions import guarded_output
from mockserver.cli.harness.baseline_flags import read_baseline
from mockserver.cli.harness.dry_run import print_dry_run
from mockserver.cli.harness.redacted_output import redacted_output
from mockserver.cli.harness.report_loop import send_events
from mockserver.cli.harness.reports import make_reports
from mockserver.cli.harness.run_values import (
    parse_control_url,
    parse_fail_on,
    parse_reports,
    parse_time_budget,
    read_second_key,
)
from mockserver.cli.harness.targets import RunTargets
from mockserver.user_folders import cache_folder

if TYPE_CHECKING:
    from mockserver_contracts.reports.forms import Report
    from mockserver_contracts.reports.redaction.redaction import Redaction
    from mockserver_contracts.results.run_command import RunCommand
    from mockserver_contracts.run.plan import RunPlan

COVERAGE_FORM: Final = "coverage"


def run_harness(
    arguments: argparse.Namespace,
    *,
    command: RunCommand,
    listener: Report | None = None,
    conclude: Callable[[int, Redaction], int] | None = None,
) -> int:
    """Check the target against the contract, or compare it with the mock; return the exit code.

    The listener receives every event. `conclude` gets the exit code after the run, and returns the one of the command.
    """
    files = parse_reports(arguments.report)
    if arguments.dry_run:
        parse_time_budget(arguments.time_budget)
        return print_dry_run(arguments)
    with rare_collections():
        plan, redaction = plan_run(arguments, command=command)
        plan = replace(plan, counts_coverage=any(form == COVERAGE_FORM for form, _ in files))
        listeners = [] if listener is None else [listener]
        with redacted_output(redaction), guarded_output() as unguarded:
            reports = make_reports(plan, redaction, files, spec=arguments.spec, commands=unguarded)
            code = send_events(plan, [*listeners, *reports])
            return code if conclude is None else conclude(code, redaction)


def plan_run(arguments: argparse.Namespace, *, command: RunCommand) -> tuple[RunPlan, Redaction]:
    """The plan of a run, and the redaction of its secrets. Raises UsageError."""
    from mockserver_contracts.reports.redaction.redaction import Redaction
    from mockserver_contracts.results.claims import load_claims
    from mockserver_contracts.results.run_command import compares_with_mock
    from mockserver_contracts.run.plan import RunPlan

    # Hypothesis stores tables of characters; they do not belong in the working directory
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(cache_folder()))
    budget = parse_time_budget(arguments.time_budget)
    baseline = read_baseline(arguments)
    targets = RunTargets(arguments, compares=compares_with_mock(command))
    second_key = read_second_key(arguments)
    # the claims are VideoDB's: they do not apply to another document
    has_claims = not arguments.fuzz_only and any(subject.is_videodb for subject in targets.all)
    plan = RunPlan(
        name=arguments.target or "mock",
        subjects=targets.all,
        seed=arguments.seed,
        max_examples=arguments.max_examples,
        time_budget=budget,
        fail_on=parse_fail_on(arguments.fail_on or []),
        claims=load_claims() if has_claims else None,
        fuzz=not arguments.claims_only,
        rules=not arguments.claims_only,
        strict=arguments.strict,
        control=parse_control_url(arguments),
        second_key=second_key,
        spec="" if arguments.spec is None else Path(arguments.spec).name,
        baseline=baseline,
        updates_baseline=arguments.update_baseline,
        named=command,
    )
    return plan, Redaction((*targets.secrets, *filter(None, [second_key])))
