"""HTTP methods, and the reply to OPTIONS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockserver.web.http.reply import Reply

HTTP_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
READ_METHODS: Final = ("GET", "HEAD", "OPTIONS")


def options_reply(methods: Iterable[str]) -> Reply:
    """The reply to OPTIONS: 204 and the methods in `Allow`."""
    return Reply(204, headers=[(b"allow", ", ".join(methods).encode("latin-1"))])
