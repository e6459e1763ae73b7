"""Refusals in the words of the document: the response it declares for a status, with the reason in its body.

Rule 1: a status precedes its range, and the range precedes `default`. `default` is a refusal only if the operation
        declares a successful response as well.
Rule 2: the body matches its own schema. If the schema has no member for the reason, only a header carries it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import MockedResponse, NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from mockserver.contract.mocking.serialization import serialize
from mockserver.contract.schema.structure import properties_of
from mockserver.contract.schema.validators import compile_validator

REASONS: Final = ("message", "detail", "title", "error_description", "description", "error", "reason", "msg")
PLAIN_TEXT: Final = "text"
"""The sample of a text without an example."""
STATUSES: Final = ("status", "statusCode", "status_code", "code")


class DeclaredRefusals:
    """The declared refusals of one operation."""

    def __init__(self, mocked: MockedResponses) -> None:
        self._mocked = mocked
        self._responses = mocked.operation.responses
        self._document = mocked.operation.document

    def find(self, statuses: Sequence[int], status: int, reason: str) -> MockedResponse | None:
        """The response of the first declared status among `statuses`, else that of the range of `status`.

        None if the document declares neither.
        """
        found = self._status(statuses, status)
        if found is None:
            return None
        try:
            response = self._mocked.recall(Preferences(code=found)) or self._mocked.make(Preferences(code=found))
        except NoMockedResponse:
            return None
        return self._with_reason(response, reason)

    def _status(self, statuses: Sequence[int], status: int) -> int | None:
        for each in statuses:
            if str(each) in self._responses:
                return each
        has_success = any(name.startswith(("2", "3")) for name in self._responses)
        if "4XX" in self._responses or ("DEFAULT" in self._responses and has_success):
            return status
        return None

    def _with_reason(self, response: MockedResponse, reason: str) -> MockedResponse:
        declared = self._schema(response)
        if declared is None:
            return response
        schema, media_type = declared
        accepts = compile_validator(schema, self._document, "response").is_valid
        value = response.value
        if not isinstance(value, dict):
            text = reason if isinstance(value, str) else [reason] if _is_list_of_texts(value) else value
            if not accepts(text):
                return response
            return response._replace(value=text, content=serialize(text, media_type, schema, self._document))
        properties = properties_of(schema, self._document)
        for candidate in (*_fill(value, properties, REASONS, reason), *_fill_within(value, REASONS, reason)):
            if accepts(candidate):
                value = candidate
                break
        if value.get("title") == PLAIN_TEXT and accepts(titled := {**value, "title": _phrase(response.status)}):
            value = titled
        for candidate in (
            *_fill(value, properties, STATUSES, response.status),
            *_fill_within(value, STATUSES, response.status),
            *_fill(value, properties, STATUSES[:1], str(response.status)),
            *_fill_within(value, STATUSES[:1], str(response.status)),
        ):
            if accepts(candidate):
                value = candidate
                break
        return response._replace(value=value, content=serialize(value, media_type, schema, self._document))

    def _schema(self, response: MockedResponse) -> tuple[Any, str] | None:
        """The schema of the body, and the media type that is sent."""
        status = str(response.status)
        for name in (status, f"{status[0]}XX", "DEFAULT"):
            content = self._responses.get(name, {}).get("content")
            if content and response.media_type is not None:
                essence = response.media_type.partition(";")[0].strip()
                media = content.get(essence)
                return (media["schema"], essence) if isinstance(media, dict) and "schema" in media else None
        return None


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _phrase(status: int) -> str:
    return next((each.phrase for each in HTTPStatus if each.value == status), str(status))


def _fill(
    value: Mapping[str, Any], properties: Mapping[str, Any], names: Sequence[str], filling: Any
) -> Iterator[dict[str, Any]]:
    for name in names:
        if name in properties:
            yield {**value, name: filling}


def _fill_within(value: Mapping[str, Any], names: Sequence[str], filling: Any) -> Iterator[dict[str, Any]]:
    """The same one level deeper: many bodies contain an error object, or a list of them."""
    for member, inner in value.items():
        first = inner[0] if isinstance(inner, list) and inner else inner
        for filled in _fill(first, first, names, filling) if isinstance(first, dict) else ():
            yield {**value, member: [filled, *inner[1:]] if isinstance(inner, list) else filled}
