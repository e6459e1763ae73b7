"""Responses of a document with one operation."""

from __future__ import annotations

from typing import Any

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import MockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from tests.contract.builders import a_document, the_thing

PET: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "xml": {"name": "pet"},
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "default": "<Tom & Jerry>"},
        "tags": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "tag"}}},
    },
}

JSON = "application/json"

NO_PREFERENCES = Preferences()


def answers_of(responses: dict[str, Any], version: str = "3.0.3") -> MockedResponses:
    declared = {code: {"description": "", **response} for code, response in responses.items()}
    return MockedResponses(the_thing(a_document({}, responses=declared, version=version)))


def answered(
    responses: dict[str, Any], preferences: Preferences = NO_PREFERENCES, version: str = "3.0.3"
) -> MockedResponse:
    return answers_of(responses, version).make(preferences)


def of(media_type: str, schema: Any = None, **more: Any) -> dict[str, Any]:
    """A response of one media type."""
    return {"content": {media_type: {**({} if schema is None else {"schema": schema}), **more}}}
