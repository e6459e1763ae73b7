"""Random bytes for ids."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

RandomBytes = Callable[[int], bytes]
"""Returns so many random bytes."""


class SeededBytes:
    """Bytes that are the same for each source of a seed, in the order in which they are taken."""

    def __init__(self, seed: int) -> None:
        from random import Random  # few mocks have a seed

        self._seed = seed
        self._random = Random(seed)

    def __call__(self, count: int) -> bytes:
        """See RandomBytes."""
        return self._random.randbytes(count)

    def stir(self, text: str) -> None:
        """Continue with bytes that follow from the seed and a text: those of before may be ids in that text."""
        from random import Random

        self._random = Random(f"{self._seed} {text}")


class Entropy:
    """Random bytes in portions of one size, taken many at once: a call of the system costs as much as an id."""

    PORTIONS: Final = 64

    def __init__(self, size: int, random_bytes: RandomBytes = os.urandom) -> None:
        self._size = size
        self._random_bytes = random_bytes
        self._portions: list[bytes] = []

    def take(self) -> bytes:
        """The next portion."""
        if isinstance(self._random_bytes, SeededBytes):
            return self._random_bytes(self._size)  # a portion in advance would not be stirred
        if not self._portions:
            size, page = self._size, self._random_bytes(self._size * self.PORTIONS)
            self._portions = [page[start : start + size] for start in range(0, len(page), size)]
        return self._portions.pop()
