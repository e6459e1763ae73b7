"""A report as one HTML page without other files.

Rule 1: foreign text stays text: the template escapes every value and marks none as safe.
Rule 2: the page loads nothing and runs no script, and its content security policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from mockserver._version import __version__
from mockserver.coverage.rendering.example_curl import ADDRESS, curl_lines
from mockserver.coverage.rendering.misses import KIND_NAMES, misses_of
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.printable import count, escape_lines

_GOOD: Final = 80
_FAIR: Final = 40


def render_html(report: CoverageReport, address: str = ADDRESS) -> str:
    """The report as an HTML page. Its requests go to the mock at the address."""
    templates = Environment(
        loader=PackageLoader("mockserver.coverage.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escape,
    )
    templates.filters.update(count=count, curls=curl_lines, misses=misses_of, tone=_tone)
    style = templates.get_template("coverage.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return templates.get_template("coverage.html").render(
        report=report, address=address, kinds=KIND_NAMES, version=__version__, style_hash=f"sha256-{digest}"
    )


def _tone(percent: float) -> str:
    """The class of a share: its colour."""
    return "good" if percent >= _GOOD else "fair" if percent >= _FAIR else "poor"


def _escape(value: object) -> object:
    # characters that do not print become escapes here, and Jinja escapes markup afterwards
    return escape_lines(value) if type(value) is str else value
