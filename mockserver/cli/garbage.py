"""The garbage collector of a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OBJECTS: Final = 50_000
"""The number of new objects after which the collector looks for garbage."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the garbage collector look seldom, until the block ends.

    A run imports a thousand modules and keeps what it finds: to look among all that takes a tenth of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
