"""`mockserver replay`: look for one finding again, and say whether it still fails."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockserver.cli.errors import UsageError
from mockserver.cli.github_actions import guarded_output
from mockserver.cli.harness.redacted_output import redacted_output
from mockserver.cli.harness.run import plan_run
from mockserver.cli.harness.run_flags import add_corpus_flags, add_target_flags
from mockserver.printable import escape_line

if TYPE_CHECKING:
    from mockserver_contracts.results.events import RunFinished
    from mockserver_contracts.results.finding import Finding
    from mockserver_contracts.run.narrowing import FindingName
    from mockserver_contracts.run.plan import RunPlan

SUMMARY: Final = "Look for one finding again, and say whether it still fails."
EXAMPLE: Final = "mockserver replay fuzz-a8d80cd133e9 http://127.0.0.1:8765 --from report.json"
_GONE: Final = 0
_STILL_FAILS: Final = 1
_UNTESTED: Final = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("finding", metavar="FINDING", help="Id of the finding, as reports show it.")
    parser.add_argument(
        "target", nargs="?", metavar="TARGET", help="URL, or name of a server. [default: the target of the report]"
    )
    parser.add_argument(
        "--from", dest="report", metavar="FILE", help="JSON report with the finding. [default: that of the last run]"
    )
    add_target_flags(parser)
    add_corpus_flags(parser)
    parser.set_defaults(
        claims_only=False, fuzz_only=False, fail_on=None, baseline=None, update_baseline=False, seed=None
    )


def run(arguments: argparse.Namespace) -> int:
    """Replay the finding. Exit code 0: it fails no more; 1: it still fails; 3: the target could not be tested."""
    from mockserver_contracts.run.narrowing import FindingName, narrowed_plans

    report = _read_report(arguments.report)
    entry = _find(report, arguments.finding)
    _complete(arguments, report)
    name = FindingName(entry["id"], entry["kind"], entry["check"], entry["operation"])
    plan, redaction = plan_run(arguments, command="drift" if entry["kind"] == "drift" else "check")
    with redacted_output(redaction), guarded_output():
        print(f"Replaying {name.id} on {plan.name}: {escape_line(entry['title'])}")
        return _replay(narrowed_plans(plan, name), name)


def _replay(plans: Iterator[RunPlan], name: FindingName) -> int:
    for plan in plans:
        finding, end = _run(plan, name)
        if finding is not None:
            _print_finding(finding)
            return _STILL_FAILS
        if end.failure is not None or end.stopped is not None:
            reason = end.stopped if end.failure is None else end.failure.message
            print(f"not tested: {escape_line(str(reason))}")
            return _UNTESTED
    print("fails no more")
    return _GONE


def _run(plan: RunPlan, name: FindingName) -> tuple[Finding | None, RunFinished]:
    from mockserver_contracts.results.events import FindingReported, RunFinished
    from mockserver_contracts.run.run import run_plan

    found, end = None, None
    for event in run_plan(plan):
        if isinstance(event, FindingReported) and event.finding.id == name.id:
            found = event.finding
        elif isinstance(event, RunFinished):
            end = event
    assert end is not None, "a run ends with RunFinished"
    return found, end


def _print_finding(finding: Finding) -> None:
    from mockserver_contracts.reports.reproduction.steps import step_lines

    steps = finding.steps or ((finding.exchange,),)
    for number, line in enumerate(step_lines(steps), start=1):
        print(f"{number:>4}  {escape_line(line)}")
    print(f"still fails: expected {escape_line(finding.expected)}; actual {escape_line(finding.actual)}")


def _read_report(given: str | None) -> dict[str, Any]:
    from mockserver_contracts.reports.reproduction.last_run import last_run_file

    file = last_run_file() if given is None else Path(given)
    try:
        report = json.loads(file.read_bytes())
    except FileNotFoundError:
        reason = "no run has left a report yet" if given is None else f"--from {file} does not exist"
        raise UsageError(f"{reason}; --report json=FILE of check and drift writes one") from None
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{file} is no JSON report of a run: {error}") from None
    if not isinstance(report, dict) or not {"target", "profile", "seed", "findings"} <= report.keys():
        raise UsageError(f"{file} is no JSON report of a run; --report json=FILE of check and drift writes one")
    return report


def _find(report: dict[str, Any], wanted: str) -> dict[str, Any]:
    found = [entry for entry in report["findings"] if entry["id"] == wanted]
    if not found:
        ids = ", ".join(entry["id"] for entry in report["findings"][:10]) or "no finding"
        raise UsageError(f"{wanted!r} is no finding of the run on {report['target']}, which has {ids}")
    return dict(found[0])


def _complete(arguments: argparse.Namespace, report: dict[str, Any]) -> None:
    """Take from the report what the command line leaves open."""
    if arguments.target is None and report["target"] != "mock":
        arguments.target = report["target"]
    if arguments.profile is None and "," not in report["profile"]:
        arguments.profile = report["profile"]
    arguments.seed = report["seed"] if arguments.seed is None else arguments.seed
    arguments.strict = arguments.strict or bool(report.get("strict"))
