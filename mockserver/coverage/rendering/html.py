"""A report as one HTML page without other files.

Rule 1: foreign text stays text: the template escapes every value and marks none as safe.
Rule 2: the page loads nothing and runs no script, and its content security policy forbids both.
"""

from __future__ import annotations

from typing import Final

from mockserver._version import __version__
from mockserver.coverage.rendering.example_curl import ADDRESS, curl_lines
from mockserver.coverage.rendering.misses import KIND_NAMES, misses_of
from mockserver.coverage.rendering.report_page import render_page
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.printable import count

_GOOD: Final = 80
_FAIR: Final = 40


def render_html(report: CoverageReport, address: str = ADDRESS) -> str:
    """The report as an HTML page. Its requests go to the mock at the address."""
    return render_page(
        "mockserver.coverage.rendering",
        "coverage.html",
        "coverage.css",
        filters={"count": count, "curls": curl_lines, "misses": misses_of, "tone": _tone},
        report=report,
        address=address,
        kinds=KIND_NAMES,
        version=__version__,
    )


def _tone(percent: float) -> str:
    """The class of a share: its colour."""
    return "good" if percent >= _GOOD else "fair" if percent >= _FAIR else "poor"
