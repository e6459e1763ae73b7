"""The reports of a run: the files of `--report`, the baseline, the console, and those of a workflow on GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mockserver.cli.github_actions import is_github_actions, step_summary

if TYPE_CHECKING:
    from mockserver_contracts.document.source_file import SourceFile
    from mockserver_contracts.reports.forms import Report
    from mockserver_contracts.reports.redaction.redaction import Redaction
    from mockserver_contracts.run.plan import RunPlan


def make_reports(
    plan: RunPlan, redaction: Redaction, files: list[tuple[str, Path]], *, spec: str | None, commands: TextIO
) -> list[Report]:
    """The reports, in the order in which they are closed. Workflow commands go to `commands`."""
    from mockserver_contracts.reports.baseline_report import BaselineReport
    from mockserver_contracts.reports.console import ConsoleReport
    from mockserver_contracts.reports.file_report import FileReport
    from mockserver_contracts.reports.forms import SCRIPTS
    from mockserver_contracts.reports.github.annotations import AnnotationReport
    from mockserver_contracts.reports.github.step_summary import StepSummaryReport
    from mockserver_contracts.reports.record import RunRecord
    from mockserver_contracts.reports.reproduction.last_run import LastRunReport
    from mockserver_contracts.reports.reproduction.scripts_report import ScriptsReport

    from mockserver._version import __version__

    source = _source(spec)

    def record() -> RunRecord:
        return RunRecord(
            redaction,
            version=__version__,
            claims=plan.claims or (),
            fail_on=plan.fails_on,
            source=source,
        )

    written = [
        ScriptsReport(file, record()) if form == SCRIPTS else FileReport(form, file, record()) for form, file in files
    ]
    merging = [BaselineReport(plan.baseline, redaction)] if plan.baseline and plan.updates_baseline else []
    summary = step_summary()
    summaries = [] if summary is None else [StepSummaryReport(record(), summary)]
    annotations = [AnnotationReport(record(), commands)] if is_github_actions() else []
    # the console is last: if its reader goes away, the files are complete
    return [*written, *merging, *summaries, LastRunReport(record()), ConsoleReport(record(), redaction), *annotations]


def _source(spec: str | None) -> SourceFile:
    from mockserver_contracts.document.source_file import SourceFile

    return SourceFile.published() if spec is None else SourceFile.given(Path(spec), Path())
