"""Print one line per request."""

from __future__ import annotations

import json
import sys

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


def print_text_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """Print a line of text to stderr."""
    # a path may hold control characters: escape them for the terminal
    escaped = path.translate(_CONTROL).encode("utf-8", "backslashreplace").decode("utf-8")
    sys.stderr.write(f"{method:<7} {escaped:<40} {status or '---'} {milliseconds:8.1f} ms  {account or '-'}\n")


def print_json_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """Print a JSON object to stdout."""
    line = {"method": method, "path": path, "status": status, "ms": round(milliseconds, 3), "account": account}
    sys.stdout.write(json.dumps({"event": "request", **line}) + "\n")
    sys.stdout.flush()
