"""One response from the document, or the reason for its absence."""

from __future__ import annotations

from typing import Literal, NamedTuple

from mockserver.contract.strict_json import Json

Cause = Literal["code", "example", "accept", "schema", "responses"]


class NoMockedResponse(Exception):
    """The document has no suitable response; `cause` names what is missing."""

    def __init__(self, cause: Cause, message: str) -> None:
        self.cause = cause
        self.message = message
        super().__init__(message)


class MockedResponse(NamedTuple):
    """A response ready to send; `value` is the value of the body, `notes` name the parts that were skipped."""

    status: int
    media_type: str | None
    content: bytes
    value: Json
    headers: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
