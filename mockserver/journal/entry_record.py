"""Journal entries as JSON texts, for a journal that several servers share."""

from __future__ import annotations

import json
from functools import partial

from mockserver.domain.instant import from_milliseconds, milliseconds
from mockserver.journal.journal import JournalEntry, ResponseVerdict, ViolationFields

_BYTES = "latin-1"
"""Bytes as characters of the same numbers."""


def encode_entry(entry: JournalEntry) -> str:
    """Encode an entry without its id. Its response is judged now: another server may have another contract."""
    return json.dumps(
        [
            milliseconds(entry.at),
            milliseconds(entry.mock_now),
            entry.account,
            entry.method,
            entry.path,
            entry.query,
            entry.status,
            entry.duration_ms,
            entry.request_headers.decode(_BYTES),
            entry.request_body.decode(_BYTES),
            entry.response_headers.decode(_BYTES),
            entry.response_body.decode(_BYTES),
            entry.truncated,
            entry.request_errors,
            entry.response_errors,
            entry.planned_fault,
            entry.notes,
            entry.size,
        ]
    )


def decode_entry(number: int, text: str) -> JournalEntry:
    """Decode the entry with this id."""
    at, mock_now, account, method, path, query, status, duration, *messages, fault, notes, size = json.loads(text)
    request_headers, request_body, response_headers, response_body, truncated, errors, response_errors = messages
    return JournalEntry(
        id=number,
        at=from_milliseconds(at),
        mock_now=from_milliseconds(mock_now),
        account=account,
        method=method,
        path=path,
        query=query,
        status=status,
        duration_ms=duration,
        request_headers=request_headers.encode(_BYTES),
        request_body=request_body.encode(_BYTES),
        response_headers=response_headers.encode(_BYTES),
        response_body=response_body.encode(_BYTES),
        truncated=truncated,
        request_errors=_fields(errors),
        response_verdict=_verdict(_fields(response_errors)),
        planned_fault=fault,
        notes=tuple(notes),
        size=size,
    )


def _fields(errors: list[list[str]]) -> tuple[ViolationFields, ...]:
    return tuple((pointer, message, code) for pointer, message, code in errors)


def _verdict(errors: tuple[ViolationFields, ...]) -> ResponseVerdict | None:
    return partial(_known, errors) if errors else None


def _known(errors: tuple[ViolationFields, ...], _content: bytes) -> tuple[ViolationFields, ...]:
    return errors
