"""The log, the request lines and the garbage collector of a process that serves."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

from mockserver.cli.serve.request_lines import print_json_line, print_text_line
from mockserver.printable import EscapingFormatter

if TYPE_CHECKING:
    from mockserver.settings import Settings
    from mockserver.web.middleware.request_log import RequestLine


def log_escaped() -> None:
    """Log warnings to standard error, without the control characters of requests."""
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(EscapingFormatter("%(levelname)s: %(message)s"))


def request_line_of(settings: Settings) -> RequestLine | None:
    """The function that prints a line for each request; None with `--quiet`."""
    if settings.quiet:
        return None
    return print_json_line if settings.json_lines else print_text_line


def collect_rarely() -> None:
    """Let the garbage collector leave alone what a start has made, and look seldom at the rest.

    The journal holds many objects without cycles: frequent collections would find nothing.
    """
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()
