"""A misbehaviour that a test has planned: what it is for, how often, and what it does.

Rule 1: a fault strikes as often as it was planned for, never more, and only what it matches.
Rule 2: chance is drawn from the fault's seed and how often it was met: the same plan strikes the same requests.
Rule 3: a browser's preflight is struck only by a fault that names its method: nobody means it otherwise.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from mockserver.domain.identifier import alphanumeric
from mockserver.domain.path_pattern import covers

ID_LENGTH: Final = 16
"""How many alphanumerics follow `fault_` in a fault's id."""

LONGEST_DELAY: Final = timedelta(hours=1)
PREFLIGHT: Final = "OPTIONS"
_HALVES: Final = 2**64


class Spoil(StrEnum):
    """What becomes of an answer, or of the connection."""

    RESET = "reset"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"
    EMPTY = "empty"


class FixedAnswer(NamedTuple):
    """An answer in place of the mock's own; `headers` as they were named, without Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Match(NamedTuple):
    """Which requests a fault is for; None stands for any. In a path `*` stands for anything."""

    method: str | None = None
    path: str | None = None
    account: str | None = None

    def fits(self, method: str, path: str, account: str | None) -> bool:
        """Whether the fault is for this request."""
        if self.method not in (None, method) or (method == PREFLIGHT and self.method is None):
            return False
        if self.account not in (None, account):
            return False
        return self.path is None or covers(self.path, path)


class PlannedFault(NamedTuple):
    """A fault and how far it has come: `met` requests that it matched, of which it struck some."""

    id: str
    match: Match
    then: FixedAnswer | Spoil | None = None
    delay: timedelta = timedelta()
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    met: int = 0
    struck: int = 0

    @property
    def remaining(self) -> int | None:
        """How often it will strike yet; None: without end."""
        return None if self.times is None else self.times - self.struck

    @property
    def is_spent(self) -> bool:
        """Whether it will never strike again."""
        return self.remaining == 0

    def meeting(self) -> tuple[PlannedFault, bool]:
        """The fault once it has met a request that it matches, and whether it struck."""
        strikes = not self.is_spent and _chance(self.seed, self.met) < self.probability
        return self._replace(met=self.met + 1, struck=self.struck + strikes), strikes


def fault_id(entropy: bytes) -> str:
    """A fault's id from 16 random bytes."""
    return "fault_" + alphanumeric(entropy)


def _chance(seed: int, number: int) -> float:
    """A number from 0 to below 1 that nothing but its two arguments decides."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _HALVES
