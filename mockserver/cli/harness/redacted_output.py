"""Redact what a command of the harness prints, by whatever way it gets to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

from mockserver.cli.errors import UsageError

if TYPE_CHECKING:
    from mockserver_contracts.reports.redaction.redaction import Redaction


class _RedactedStream:
    """A text stream that redacts what is written to it; everything else is the stream's own."""

    def __init__(self, stream: TextIO, redaction: Redaction) -> None:
        self._stream = stream
        self._redaction = redaction

    def write(self, text: str) -> int:
        self._stream.write(self._redaction.text(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def redacted_output(redaction: Redaction) -> Iterator[None]:
    """Redact both output streams and the message of a UsageError until the block ends."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _RedactedStream(stream, redaction)) for stream in before)
    try:
        yield
    except UsageError as error:
        raise UsageError(redaction.text(str(error))) from None
    finally:
        sys.stdout, sys.stderr = before
