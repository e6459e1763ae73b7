"""Checks that failed to run: a fault of this product, or an answer that nobody has thought of.

Rule: such a check decides nothing, the run goes on without it and ends with exit code 3.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

_LONGEST: Final = 300


@dataclass(slots=True)
class FailedChecks:
    """The checks that failed to run, each with the exception that ended it the first time."""

    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, reason: str) -> None:
        """Add a failed check."""
        self.reasons.setdefault(name, reason)

    @contextmanager
    def guard(self, name: str) -> Iterator[None]:
        """Let an exception in the block end the block alone."""
        try:
            yield
        except Exception as error:
            self.add(name, describe(error))


def describe(error: Exception) -> str:
    """The type of the exception, its place in the code, and its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {'/'.join(PurePath(frames[-1].filename).parts[-2:])}:{frames[-1].lineno}" if frames else ""
    message = " ".join(str(error).split())[:_LONGEST]
    return f"{type(error).__name__}{place}: {message}" if message else f"{type(error).__name__}{place}"
