"""How a document itself refuses: the response that it declares for a status, with our reason where there is room.

Rule 1: the status itself counts before its range, the range before `default`; `default` is a refusal only where
        another response is declared that is none.
Rule 2: the body keeps to its own schema; a reason that the schema has no room for is told in a header alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver.contract.mocking.preferences import Wish
from mockserver.contract.mocking.responses import Answer, Answers, NoAnswer
from mockserver.contract.mocking.serialization import written
from mockserver.contract.request.style import properties_of
from mockserver.contract.schema.translation import validator

REASONS: Final = ("message", "detail", "title", "error_description", "description", "error", "reason", "msg")
STATUSES: Final = ("status", "statusCode", "status_code", "code")


class DeclaredRefusals:
    """The refusals of one operation."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._responses = answers.operation.responses
        self._document = answers.operation.document

    def answer(self, statuses: Sequence[int], status: int, reason: str) -> Answer | None:
        """What the document answers: with the first of `statuses` that it declares, else with `status` by its range.

        None where it declares neither.
        """
        found = self._status(statuses, status)
        if found is None:
            return None
        try:
            answer = self._answers.kept(Wish(code=found)) or self._answers.make(Wish(code=found))
        except NoAnswer:
            return None
        return self._reasoned(answer, reason)

    def _status(self, statuses: Sequence[int], status: int) -> int | None:
        for each in statuses:
            if str(each) in self._responses:
                return each
        has_success = any(name.startswith(("2", "3")) for name in self._responses)
        if "4XX" in self._responses or ("DEFAULT" in self._responses and has_success):
            return status
        return None

    def _reasoned(self, answer: Answer, reason: str) -> Answer:
        declared = self._schema(answer)
        if declared is None or not isinstance(answer.value, dict):
            return answer
        schema, media_type = declared
        accepts = validator(schema, self._document, "response").is_valid
        value = answer.value
        properties = properties_of(schema, self._document)
        for candidate in (*_filled(value, properties, REASONS, reason), *_filled_within(value, REASONS, reason)):
            if accepts(candidate):
                value = candidate
                break
        for candidate in _filled(value, properties, STATUSES, answer.status):
            if accepts(candidate):
                value = candidate
                break
        return answer._replace(value=value, content=written(value, media_type, schema, self._document))

    def _schema(self, answer: Answer) -> tuple[Any, str] | None:
        """The schema of the body, and the media type as it is sent."""
        status = str(answer.status)
        for name in (status, f"{status[0]}XX", "DEFAULT"):
            content = self._responses.get(name, {}).get("content")
            if content and answer.media_type is not None:
                essence = answer.media_type.partition(";")[0].strip()
                media = content.get(essence)
                return (media["schema"], essence) if isinstance(media, dict) and "schema" in media else None
        return None


def _filled(
    value: Mapping[str, Any], properties: Mapping[str, Any], names: Sequence[str], filling: Any
) -> Iterator[dict[str, Any]]:
    for name in names:
        if name in properties:
            yield {**value, name: filling}


def _filled_within(value: Mapping[str, Any], names: Sequence[str], filling: Any) -> Iterator[dict[str, Any]]:
    """The same one level deeper: many have an object of the error, or a list of such."""
    for member, inner in value.items():
        first = inner[0] if isinstance(inner, list) and inner else inner
        for filled in _filled(first, first, names, filling) if isinstance(first, dict) else ():
            yield {**value, member: [filled, *inner[1:]] if isinstance(inner, list) else filled}
