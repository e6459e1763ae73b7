"""Random bytes for ids."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

RandomBytes = Callable[[int], bytes]
"""Returns so many random bytes."""


def seeded_bytes(seed: int) -> RandomBytes:
    """Bytes that are the same for each source of a seed, in the order in which they are taken."""
    from random import Random  # few mocks have a seed

    return Random(seed).randbytes


class Entropy:
    """Random bytes in portions of one size, taken many at once: a call of the system costs as much as an id."""

    PORTIONS: Final = 64

    def __init__(self, size: int, random_bytes: RandomBytes = os.urandom) -> None:
        self._size = size
        self._random_bytes = random_bytes
        self._portions: list[bytes] = []

    def take(self) -> bytes:
        """The next portion."""
        if not self._portions:
            size, page = self._size, self._random_bytes(self._size * self.PORTIONS)
            self._portions = [page[start : start + size] for start in range(0, len(page), size)]
        return self._portions.pop()
