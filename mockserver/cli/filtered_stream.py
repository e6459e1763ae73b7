"""An output stream that changes what is written to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TextIO


class FilteredStream:
    """A text stream that filters what is written to it; everything else is the stream's own."""

    def __init__(self, stream: TextIO, change: Callable[[str], str]) -> None:
        self._stream = stream
        self._change = change

    def write(self, text: str) -> int:
        """Write the changed text."""
        self._stream.write(self._change(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write the changed lines."""
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
