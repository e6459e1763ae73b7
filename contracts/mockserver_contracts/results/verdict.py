"""The verdict of a run on a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["upheld", "violated", "undecided"]


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One claim of the page and what this run can say about it."""

    id: str
    voice: str
    statement: str
    promised: bool
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...] = ()
