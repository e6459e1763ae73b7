"""The body of a near miss, with its cause and its expected outcome."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class MissBody:
    """A body with its cause and its expected outcome.

    Unless a flag says otherwise, the contract's schema decides the outcome.
    """

    cause: str
    body: bytes
    media_type: str | None = _JSON
    status: int = 400
    # The claim of the page that decides the outcome, if a profile promises it.
    claim: str = ""
    is_refused: bool = False
    # Refused by a limit of the mock's parser, which not every correct server has.
    by_limit: bool = False
    # A correct server may accept or refuse it, but must not fail.
    is_open: bool = False
    is_keyed: bool = True


def by_schema(cause: str, claim: str = "", **fields: Any) -> MissBody:
    """A JSON object with these members; the contract's schema decides the outcome."""
    return MissBody(cause, json.dumps(fields).encode(), claim=claim)


def refused(cause: str, body: bytes, media_type: str | None = _JSON, *, status: int = 400, claim: str = "") -> MissBody:
    """A body that every server refuses."""
    return MissBody(cause, body, media_type, status, claim, is_refused=True)


def limit(cause: str, body: bytes, media_type: str | None = _JSON, *, status: int = 400) -> MissBody:
    """A body that the mock refuses by a limit of its parser."""
    return MissBody(cause, body, media_type, status, by_limit=True)
