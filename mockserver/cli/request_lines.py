"""One line per request, while the server runs."""

from __future__ import annotations

import json
import sys

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


def text_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """A line for people, on stderr."""
    # a path may hold anything: what would steer a terminal is shown, not sent
    shown = path.translate(_CONTROL).encode("utf-8", "backslashreplace").decode("utf-8")
    sys.stderr.write(f"{method:<7} {shown:<40} {status or '---'} {milliseconds:8.1f} ms  {account or '-'}\n")


def json_line(method: str, path: str, status: int | None, milliseconds: float, account: str | None) -> None:
    """A JSON object for programs, on stdout."""
    line = {"method": method, "path": path, "status": status, "ms": round(milliseconds, 3), "account": account}
    sys.stdout.write(json.dumps({"event": "request", **line}) + "\n")
    sys.stdout.flush()
