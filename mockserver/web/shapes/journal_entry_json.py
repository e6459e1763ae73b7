"""The JSON of a journal entry in the control API."""

from __future__ import annotations

import json
from typing import Any

from mockserver.domain.instant import rfc3339
from mockserver.journal import JournalEntry, JournalMessage
from mockserver.web.shapes.violation_json import violations_json


def journal_entry_json(entry: JournalEntry, *, operation: str | None) -> dict[str, Any]:
    """The entry of an operation as JSON without secrets: request, reply, account, times and contract violations."""
    response_errors = entry.response_errors  # of the answer as it was sent
    entry = entry.reveal()
    return {
        "id": entry.id,
        "at": rfc3339(entry.at),
        "mock_now": rfc3339(entry.mock_now),
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "operation": operation,
        "headers": _headers_json(entry.request),
        "body": _body_json(entry.request),
        "body_text": _exact_text(entry.request),
        "status": entry.status or None,
        "response_headers": _headers_json(entry.response),
        "response_body": _body_json(entry.response),
        "duration_ms": round(entry.duration_ms, 3),
        "account": entry.account,
        "truncated": entry.truncated,
        "fault": entry.planned_fault,
        "notes": list(entry.notes),
        "contract": {
            "request": violations_json(entry.request_errors),
            "response": violations_json(response_errors),
        },
    }


def _headers_json(message: JournalMessage) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in message.headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _exact_text(message: JournalMessage) -> str | None:
    """The body as it was sent, but for its secrets; None if it is empty or no UTF-8."""
    try:
        return message.body.decode("utf-8") or None
    except UnicodeDecodeError:
        return None


def _body_json(message: JournalMessage) -> Any:
    """A JSON body as its value, another body as text, an empty one as None."""
    if not message.body:
        return None
    text = message.body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8")  # a reply must be able to hold it
    except (ValueError, RecursionError):
        return text
    return value
