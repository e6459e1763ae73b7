"""An exchange as its client saw it: a request, its answer, and the moments of both.

Rule 1: a request takes effect at one moment between `sent` and `until`, or not at all.
Rule 2: an answer from 200 to 399 means executed; one from 400 to 499, or 503, means not executed.
Rule 3: without an answer, or with another 5xx, the request was executed or not, and may still be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

FOREVER: Final = math.inf
NOT_EXECUTED: Final = 503
"""The answer of a mock whose store is away, and of a balancer without a mock."""


class Window(NamedTuple):
    """The moments between which something happened."""

    sent: float
    until: float

    def precedes(self, other: Window) -> bool:
        """This ended before the other began."""
        return self.until < other.sent


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """A request and its answer.

    Without a `status`, no answer arrived. Then `ended` is the moment from which the request cannot take effect any
    more: the death of the server, or never. `settled` is that moment for an answer that leaves the outcome unknown.
    `answer` is the parsed body; None stands for an unreadable one.
    """

    method: str
    path: str
    sent: float
    ended: float = FOREVER
    status: int | None = None
    answer: Any = None
    key: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    settled: float = FOREVER
    window: Window = field(init=False)

    def __post_init__(self) -> None:
        # the server behind a balancer may go on after the balancer has given up
        until = self.settled if self.is_unknown and self.status is not None else self.ended
        object.__setattr__(self, "window", Window(self.sent, until))

    @property
    def is_executed(self) -> bool:
        """The answer says that the request was executed."""
        return self.status is not None and 200 <= self.status < 400

    @property
    def is_unknown(self) -> bool:
        """The request was executed or not."""
        return is_unknown(self.status)

    def __str__(self) -> str:
        answer = "no answer" if self.status is None else f"{self.status} at {self.ended:.6f}"
        return f"{self.method} {self.path}, sent at {self.sent:.6f}: {answer}"


def is_unknown(status: int | None) -> bool:
    """A request with this answer was executed or not."""
    return status is None or (status >= 500 and status != NOT_EXECUTED)
