"""GitHub Actions: its runner obeys lines of the output that are commands, whoever wrote them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from mockserver.cli.filtered_stream import FilteredStream
from mockserver.printable import escape_commands


def is_github_actions() -> bool:
    """This process runs in a workflow."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def step_summary() -> Path | None:
    """The file of the step summary, if this process runs in a workflow."""
    name = os.environ.get("GITHUB_STEP_SUMMARY") if is_github_actions() else None
    return Path(name) if name else None


@contextmanager
def guarded_output() -> Iterator[TextIO]:
    """In a workflow, let no text be a command until the block ends; give the standard output that commands may use."""
    before = sys.stdout, sys.stderr
    if is_github_actions():
        sys.stdout, sys.stderr = (cast("TextIO", FilteredStream(stream, escape_commands)) for stream in before)
    try:
        yield before[0]
    finally:
        sys.stdout, sys.stderr = before
