"""Random bytes for ids."""

from __future__ import annotations

import os
from typing import Final


class Entropy:
    """Random bytes in portions of one size, asked of the system many at once: a call costs as much as an id."""

    PORTIONS: Final = 64

    def __init__(self, size: int) -> None:
        self._size = size
        self._portions: list[bytes] = []

    def take(self) -> bytes:
        """The next portion."""
        if not self._portions:
            size, page = self._size, os.urandom(self._size * self.PORTIONS)
            self._portions = [page[start : start + size] for start in range(0, len(page), size)]
        return self._portions.pop()
