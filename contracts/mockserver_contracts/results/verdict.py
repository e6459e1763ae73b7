"""The verdict of a run on a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["upheld", "violated", "undecided", "failed"]
"""`failed`: the check of the claim failed to run."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """A claim of the page, with the verdict of this run."""

    id: str
    voice: str
    statement: str
    promised: bool
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...] = ()
