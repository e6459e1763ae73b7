"""One line that shows a finding again.

A curl line cannot show a finding of state: it depends on the requests before it.
"""

from __future__ import annotations

from mockserver_contracts.reports.record import ReportedFinding
from mockserver_contracts.reports.text import curl_or_length


def command_again(reported: ReportedFinding, length: int) -> str:
    """The curl line or its length; for a finding of state the command that replays it."""
    return f"mockserver replay {reported.id}" if reported.finding.steps else curl_or_length(reported.curl, length)
