"""Journal entries in the HTTP Archive format, version 1.2.

Names with an underscore are members of our own, as the format allows.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from mockserver.domain.instant import rfc3339
from mockserver.journal import JournalEntry, JournalMessage
from mockserver.web.shapes.violation_json import violations_json

_HTTP: Final = "HTTP/1.1"
_UNKNOWN: Final = -1
_BINARY: Final = "application/octet-stream"
_PATH: Final = "/%:@!$&'()*+,;=~"
"""The characters of a path that a URL may have as they are."""


def har_log_json(version: str) -> dict[str, Any]:
    """The log without its entries."""
    return {"version": "1.2", "creator": {"name": "videodb-mockserver", "version": version}}


def har_entry_json(entry: JournalEntry, *, base: str, operation: str | None) -> dict[str, Any]:
    """The entry of an operation without secrets. `base` is the address of the mock."""
    response_errors = entry.response_errors  # of the answer as it was sent
    entry = entry.reveal()
    milliseconds = round(entry.duration_ms, 3)
    return {
        "startedDateTime": rfc3339(entry.at - timedelta(milliseconds=entry.duration_ms)),
        "time": milliseconds,
        "request": _request_json(entry, base),
        "response": _response_json(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": "; ".join(entry.notes),
        "_exchange": entry.id,
        "_account": entry.account,
        "_operation": operation,
        "_mockNow": rfc3339(entry.mock_now),
        "_fault": entry.planned_fault,
        "_truncated": entry.truncated,
        "_violations": {
            "request": violations_json(entry.request_errors),
            "response": violations_json(response_errors),
        },
    }


def _request_json(entry: JournalEntry, base: str) -> dict[str, Any]:
    query = f"?{entry.query}" if entry.query else ""
    return {
        "method": entry.method,
        "url": f"{base}{quote(entry.path, safe=_PATH, errors='replace')}{query}",
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs_json(entry.request),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(entry.query, keep_blank_values=True)
        ],
        **_post_data_json(entry.request),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if entry.truncated else len(entry.request_body),
    }


def _post_data_json(message: JournalMessage) -> dict[str, Any]:
    if not message.body:
        return {}
    text = message.body.decode("utf-8", "replace")
    return {"postData": {"mimeType": _header(message, b"content-type") or _BINARY, "text": text}}


def _response_json(entry: JournalEntry) -> dict[str, Any]:
    """The response; status 0 means that there was none."""
    response = entry.response
    return {
        "status": entry.status,
        "statusText": _reason(entry.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs_json(response),
        "content": {
            "size": len(response.body),
            "mimeType": _header(response, b"content-type") or ("" if not response.body else _BINARY),
            **_text_json(response.body),
        },
        "redirectURL": _header(response, b"location") or "",
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if entry.truncated else len(response.body),
    }


def _text_json(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs_json(message: JournalMessage) -> Sequence[dict[str, str]]:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.headers]
    return [{"name": name, "value": value} for name, value in pairs]


def _header(message: JournalMessage, name: bytes) -> str | None:
    found = [value.decode("latin-1") for each, value in message.headers if each.lower() == name]
    return found[0] if found else None
