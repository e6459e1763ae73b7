"""Values that are made once, and only when somebody asks for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from typing import Generic, TypeVar

Value = TypeVar("Value")


class KnownValues(Generic[Value]):
    """The values of an iterator, which threads may share."""

    def __init__(self, values: Iterator[Value]) -> None:
        self._known: list[Value] = []
        self._further = values
        self._making = threading.Lock()

    def nth(self, index: int) -> Value:
        """The value at an index from 0; raises IndexError past the last one."""
        with self._making:
            while len(self._known) <= index:
                try:
                    self._known.append(next(self._further))
                except StopIteration:
                    raise IndexError(index) from None
            return self._known[index]

    def __iter__(self) -> Iterator[Value]:
        for index in count():
            try:
                yield self.nth(index)
            except IndexError:
                return
