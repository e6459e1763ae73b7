"""A check may find that a target gives it nothing to decide on."""

from __future__ import annotations


class Undecided(Exception):
    """The check cannot decide; the message is the reason."""


class Unavailable(Undecided):
    """The target serves nobody, or not now: 429, 502, 503 or 504."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the target answered {status}")
        self.status = status
