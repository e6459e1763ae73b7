"""The forms of a report that are files. Each is imported when a report is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import report_json
from mockserver.whole_file import write_whole

RENDERED: Final = {"html": "html.render_html", "markdown": "markdown.render_markdown"}
FORMS: Final = (*RENDERED, "json")


def render(form: str, report: CoverageReport) -> str:
    """The text of a report in a form."""
    if form == "json":
        return json.dumps(report_json(report), indent=1, ensure_ascii=False) + "\n"
    module, _, function = RENDERED[form].partition(".")
    rendered: Callable[[CoverageReport], str] = getattr(import_module(f"{__package__}.{module}"), function)
    return rendered(report)


def write_report(form: str, file: Path, report: CoverageReport) -> None:
    """Write a report in a form. Raises OSError."""
    write_whole(file, render(form, report))
