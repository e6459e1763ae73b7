"""The reason of an error of PostgreSQL or of its client library, in a few words."""

from __future__ import annotations

import re
from typing import Final

import psycopg

_LEADS: Final = re.compile(r"^(?:.*\bfailed: )?(?:(?:FATAL|ERROR):\s*)?")
_SOCKET: Final = re.compile(r'\bon socket "(.+)" failed: (?!FATAL|ERROR)(.*)$')


def reason_of(error: psycopg.Error) -> str:
    """One line without a full stop: the server's own message, or the last one of the client library."""
    primary = error.diag.message_primary
    if primary:
        return primary.rstrip(".")
    # several lines: one for each address of a host, each with a hint below it
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("\t")]
    if not lines:
        return type(error).__name__
    line = lines[-1] if lines[-1].startswith("-") else lines[0]
    if local := _SOCKET.search(line):  # the address has the folder of this file, if that
        return f"{local[2].rstrip('.?')} ({local[1]})"
    return _LEADS.sub("", line).rstrip(".?")
