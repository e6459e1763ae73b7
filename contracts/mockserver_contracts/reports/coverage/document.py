"""The coverage of the contracts by a run, as JSON. Its schema is spec/coverage.schema.json."""

from __future__ import annotations

from mockserver.coverage.rendering.forms import render
from mockserver_contracts.reports.record import RunRecord


def render_coverage(record: RunRecord) -> str:
    """Render the coverage as a JSON document, which `mockserver coverage` reads."""
    return render("json", record.coverage)
