"""The exchanges that `mockserver requests --json` lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.coverage.exchange import SeenExchange


def listed_exchanges(value: Mapping[str, Any]) -> Iterator[SeenExchange]:
    """The exchanges, the oldest first. Raises KeyError, TypeError and ValueError for a damaged list."""
    for entry in reversed(value["requests"]):
        replied = {name.lower(): text for name, text in entry["response_headers"].items()}
        yield SeenExchange(
            method=entry["method"],
            path=entry["path"],
            query=entry["query"],
            headers=[(name.lower().encode(), str(text).encode()) for name, text in entry["headers"].items()],
            body=None if entry["truncated"] else _content(entry["body"]),
            status=entry["status"] or 0,
            media_type=replied.get("content-type"),
            reply=_content(entry["response_body"]),
            account=entry["account"] or "",
            location=replied.get("location", ""),
        )


def _content(body: Any) -> bytes:
    """The bytes of a body: the list shows JSON as its value, other bodies as text, and none as null."""
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
