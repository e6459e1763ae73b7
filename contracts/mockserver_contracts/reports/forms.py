"""The reports of a run: their interface, and the forms of those that are files.

To add a form, write its module and name its function here.

Each function is imported when a report is made, so that `--help` loads no report.

The form `scripts` is a folder: a script for each finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from mockserver_contracts.reports.record import RunRecord
    from mockserver_contracts.results.events import RunEvent

FORMS: Final[Mapping[str, str]] = {
    "json": "json_report.render_json",
    "junit": "junit_report.render_junit",
    "html": "html_report.render_html",
    "sarif": "sarif.log.render_sarif",
    "markdown": "markdown.report.render_markdown",
    "coverage": "coverage.document.render_coverage",
}
"""Each form by its name on the command line, with the function in this package that renders a record."""

SCRIPTS: Final = "scripts"


class Report(Protocol):
    """A report handles every event of a run. It is closed at the end, even of a run that breaks off.

    `close` may raise OSError.
    """

    def handle(self, event: RunEvent) -> None: ...

    def close(self) -> None: ...


def load_form(name: str) -> Callable[[RunRecord], str]:
    """Import the function that renders the form."""
    module, _, function = FORMS[name].rpartition(".")
    render: Callable[[RunRecord], str] = getattr(import_module(f"{__package__}.{module}"), function)
    return render
