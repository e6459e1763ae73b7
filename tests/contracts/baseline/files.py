"""A baseline file for the tests, and the ids of its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from mockserver_contracts.baseline.baseline import Baseline

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


def a_baseline(text: str = TEXT, today: date = TODAY) -> Baseline:
    return Baseline.parse(text, FILE, today)
