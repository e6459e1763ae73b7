"""Redact what a command of the harness prints, by whatever way it gets to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, cast

from mockserver.cli.errors import UsageError
from mockserver.cli.filtered_stream import FilteredStream

if TYPE_CHECKING:
    from mockserver_contracts.reports.redaction.redaction import Redaction


@contextmanager
def redacted_output(redaction: Redaction) -> Iterator[None]:
    """Redact both output streams and the message of a UsageError until the block ends."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", FilteredStream(stream, redaction.text)) for stream in before)
    try:
        yield
    except UsageError as error:
        raise UsageError(redaction.text(str(error))) from None
    finally:
        sys.stdout, sys.stderr = before
