"""Print one line per request."""

from __future__ import annotations

import json
import sys

from mockserver.printable import escape_line


def print_text_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """Print a line of text to stderr."""
    escaped = escape_line(path)
    sys.stderr.write(f"{method:<7} {escaped:<40} {status or '---'} {milliseconds:8.1f} ms  {account or '-'}\n")


def print_json_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """Print a JSON object to stdout."""
    line = {"method": method, "path": path, "status": status, "ms": round(milliseconds, 3), "account": account}
    sys.stdout.write(json.dumps({"event": "request", **line}) + "\n")
    sys.stdout.flush()
