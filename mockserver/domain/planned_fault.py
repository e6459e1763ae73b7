"""Planned faults: misbehaviour for the requests that a test chooses.

Rule 1: a fault applies only to matching requests, and at most as often as planned.
Rule 2: chance depends only on the fault's seed and its number of matches: the same plan hits the same requests.
Rule 3: a browser's preflight matches only a fault that names its method, since other plans do not mean it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from mockserver.domain.identifier import alphanumeric
from mockserver.domain.path_pattern import path_matches

ID_LENGTH: Final = 16
"""The number of alphanumerics after `fault_` in a fault's id."""

LONGEST_DELAY: Final = timedelta(hours=1)
PREFLIGHT: Final = "OPTIONS"
_HALVES: Final = 2**64


class FaultKind(StrEnum):
    """The ways to break an answer or its connection."""

    RESET = "reset"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"
    EMPTY = "empty"


class FixedAnswer(NamedTuple):
    """An answer in place of the mock's own. `headers` keep their case and have no Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Match(NamedTuple):
    """The requests that a fault applies to; None matches any. In a path, `*` matches any text."""

    method: str | None = None
    path: str | None = None
    account: str | None = None

    def fits(self, method: str, path: str, account: str | None) -> bool:
        """The request matches."""
        if self.method not in (None, method) or (method == PREFLIGHT and self.method is None):
            return False
        if self.account not in (None, account):
            return False
        return self.path is None or path_matches(self.path, path)


class PlannedFault(NamedTuple):
    """A fault and its counters: `met` requests that it matched, of which it was applied to `struck`."""

    id: str
    match: Match
    then: FixedAnswer | FaultKind | None = None
    delay: timedelta = timedelta()
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    met: int = 0
    struck: int = 0

    @property
    def remaining(self) -> int | None:
        """The number of requests it still applies to; None is unlimited."""
        return None if self.times is None else self.times - self.struck

    @property
    def is_spent(self) -> bool:
        """The fault applies to no further request."""
        return self.remaining == 0

    def after_match(self) -> tuple[PlannedFault, bool]:
        """The fault after a matching request, and True if it applies to that request."""
        applies = not self.is_spent and _chance(self.seed, self.met) < self.probability
        return self._replace(met=self.met + 1, struck=self.struck + applies), applies


def fault_id(entropy: bytes) -> str:
    """A fault's id from 16 random bytes."""
    return "fault_" + alphanumeric(entropy)


def _chance(seed: int, number: int) -> float:
    """A pseudo-random number from 0 to below 1, determined by the two arguments."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _HALVES
