"""The patience of a request: the seconds that its calls of the store may wait, all together.

Rule 1: a store out of reach lets each call wait. Without a common limit, a request of several calls would be answered
        after several times the limit of one.
Rule 2: only long waiting counts. A store that goes on answering, the body of a request and a planned delay take none.
Rule 3: outside of a request, each call has a limit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

REQUEST_SECONDS: Final = 4.0
_LEAST_SECONDS: Final = 0.1
"""The limit of a call without patience: a store that answers is heard."""
_FREE_SECONDS: Final = 0.2
"""The time of a call that takes no patience."""


class _Patience:
    """The seconds that are left."""

    __slots__ = ("left",)

    def __init__(self, left: float) -> None:
        self.left = left


_of_request: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float = REQUEST_SECONDS) -> Iterator[None]:
    """Let the calls of the block wait for so long, all together."""
    token = _of_request.set(_Patience(seconds))
    try:
        yield
    finally:
        _of_request.reset(token)


def seconds_left(most: float) -> float:
    """The limit of a call that may wait `most` seconds by itself."""
    own = _of_request.get()
    return most if own is None else max(min(most, own.left), _LEAST_SECONDS)


def spend(seconds: float) -> None:
    """Count the time that a call has waited."""
    own = _of_request.get()
    if own is not None and seconds > _FREE_SECONDS:
        own.left -= seconds
