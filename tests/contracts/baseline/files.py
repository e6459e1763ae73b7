"""A baseline file for the tests, and the ids of its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.search import Search

TODAY: Final = date(2026, 11, 25)
FILE: Final = Path("accepted.yaml")
A, B, C = "drift-0123456789ab", "fuzz-0123456789ab", "claim-0123456789ab"

TEXT: Final = f"""\
# What we know of staging.
owner: "billing"   # ask them first

accepted:
  # VideoDB looks into it.
  - id: {A}  # the first
    title: 'The target takes a text'
    reason: >-
      Known;
      VideoDB ticket 12

    since: 2026-11-25
    expires: 2027-01-31
    links: {{tickets: [12,
      13]}}

  # Nobody minds.
  - title: Slow
    id: {B}
    notes:
      - one
      # and
      - two   # the last
# The end.
"""


def a_search(**changes: Any) -> Search:
    """The search of the finding `a_finding()` by the plan of the tests."""
    parts: dict[str, Any] = {
        "check": "not_a_server_error",
        "command": "check",
        "target": "127.0.0.1:9000",
        "profiles": ("page",),
        "seed": 1,
        "max_examples": 1,
    }
    return Search(**{**parts, **changes})


def a_baseline(text: str = TEXT, today: date = TODAY) -> Baseline:
    return Baseline.parse(text, FILE, today)
