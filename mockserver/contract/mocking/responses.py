"""Responses of one operation from its document: status, media type, headers and body.

Rule 1: a body, header or example is sent only if its own schema accepts it. An example with a fault or two is repaired
        in these places (repair.py); one with more faults is not sent, and a note says so. An example that was asked for
        by name is sent as written, and so is the first one if no value of the schema is found.
Rule 2: without preferences the response is always the same: an example, else the schema's default, constant or sample.
Rule 3: nothing is guessed. If there is no response, NoMockedResponse explains why.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.contract.media import concrete_type, covering_type, essence_of, kind_of
from mockserver.contract.mocking.headers import HeaderMaker
from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.repair import repair_example
from mockserver.contract.mocking.response import MockedResponse, NoMockedResponse
from mockserver.contract.mocking.schema_examples import refused_examples
from mockserver.contract.mocking.selection import Selection, Selector
from mockserver.contract.mocking.serialization import content_type, serialize
from mockserver.contract.mocking.server_urls import ServerUrls
from mockserver.contract.mocking.values import ValueSource
from mockserver.contract.operation import Operation
from mockserver.contract.schema.validators import compile_validator
from mockserver.contract.strict_json import Json


class _Body(NamedTuple):
    value: Json
    content: bytes
    notes: tuple[str, ...]


class MockedResponses:
    """The responses of one operation. A response that does not vary is made once."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._responses = operation.responses
        self._selector = Selector(operation)
        self._values = ValueSource(operation.document, self._selector.name)
        self._headers = HeaderMaker(self._values)
        self._servers = ServerUrls(operation.all_servers)
        self._made: dict[Selection, MockedResponse | NoMockedResponse] = {}
        self._making = threading.Lock()

    def recall(self, preferences: Preferences) -> MockedResponse | None:
        """The response, if it was made before; raises NoMockedResponse."""
        return None if preferences.is_dynamic else self._recall(self._selector.select(preferences))

    def make(self, preferences: Preferences, *, turn: int = 0) -> MockedResponse:
        """The response, which may take long; raises NoMockedResponse. A dynamic response differs at every turn."""
        selection = self._selector.select(preferences)
        if preferences.is_dynamic:
            return self._make(selection, seed=preferences.seed or str(turn))
        with self._making:
            if (known := self._recall(selection)) is not None:
                return known
            try:
                response = self._made[selection] = self._make(selection, seed=None)
            except NoMockedResponse as missing:
                self._made[selection] = missing
                raise
            return response

    def at(self, response: MockedResponse, base: str) -> tuple[MockedResponse, tuple[str, ...]]:
        """The response with the mock's address in place of the document's servers, and notes about it."""
        if not self._servers.may_occur(
            b"".join((response.content, *(value.encode() for _, value in response.headers)))
        ):
            return response, ()
        headers = tuple((name, self._servers.replaced_in_header(name, value, base)) for name, value in response.headers)
        value, pointers = self._servers.replaced_in(response.value, base)
        places = [name for (name, old), (_, new) in zip(response.headers, headers, strict=True) if old != new]
        places += [pointer or "the body" for pointer in pointers]
        if not places:
            return response, ()
        content = response.content
        if pointers and response.media_type is not None:
            schema = self._schema_of(response)
            if not compile_validator(schema, self._values.document, "response").is_valid(value):
                return response, ()
            content = serialize(value, response.media_type, schema, self._values.document)
        notes = tuple(f"the answer's {place} has this mock's address for a server of the document" for place in places)
        return response._replace(headers=headers, value=value, content=content), notes

    def _schema_of(self, response: MockedResponse) -> Json:
        declared = self._selector.content(self.operation.declared(response.status) or "")
        name = covering_type(essence_of(response.media_type or ""), declared)
        return declared[name].get("schema", True) if name is not None else True

    def _recall(self, selection: Selection) -> MockedResponse | None:
        known = self._made.get(selection)
        if isinstance(known, NoMockedResponse):
            raise NoMockedResponse(known.cause, known.message)
        return known

    def _make(self, selection: Selection, *, seed: str | None) -> MockedResponse:
        status, name, media, example = selection
        headers, header_notes = self._headers.make(self._responses.get(name, {}), seed)
        if media is None:
            return MockedResponse(status, None, b"", None, headers, header_notes)
        declared, sent = media
        body = self._body(status, self._selector.content(name)[declared], sent, example, seed)
        notes = (*header_notes, *body.notes)
        return MockedResponse(status, content_type(sent), body.content, body.value, headers, notes)

    def _body(
        self, status: int, content: Mapping[str, Any], media_type: str, example: str | None, seed: str | None
    ) -> _Body:
        document = self._values.document
        schema = content.get("schema", True)
        is_random = seed is not None and example is None
        notes: list[str] = [] if is_random else list(self._values.unread_examples(content))
        validator = compile_validator(schema, document, "response")
        offers = () if is_random else tuple(self._values.examples(content, example))

        def body(value: Json) -> _Body:
            return _Body(value, serialize(value, media_type, schema, document), tuple(notes))

        for name, offered in offers:
            readings = list(_readings(offered, media_type))
            for value in readings:
                if validator.is_valid(value) or _is_plain_xml(value, media_type):
                    return body(value)
            if example is not None:
                notes.append(f"{name} of {status} does not match its own schema, and was sent as it was asked for")
                return body(readings[0])
            repaired = next((found for value in readings if (found := repair_example(value, validator))), None)
            if repaired is not None:
                notes += [f"{name} of {status}: {note}" for note in repaired.notes]
                return body(repaired.value)
            notes.append(f"{name} of {status} does not match its own schema, and was not sent")
        try:
            value = self._values.body_sample(content, status, media_type, seed if is_random else None)
            notes += [
                f"the example of {place} in the schema of {status} does not match it, and was not sent"
                for place in ([] if is_random else refused_examples(schema, document))
            ]
            return body(value)
        except NoMockedResponse:
            if not offers:
                raise
            name, offered = offers[0]
            notes[:] = [f"{name} of {status} does not match its own schema; it was sent, since no value was found"]
            return body(next(_readings(offered, media_type)))


def _readings(offered: Json, media_type: str) -> Iterator[Json]:
    """The readings of an example: its value, or the value of the JSON text that it is."""
    yield offered
    if isinstance(offered, str) and kind_of(media_type) in ("json", "xml", "form", "multipart"):
        try:
            yield json.loads(offered)
        except (ValueError, RecursionError):
            return


def _is_plain_xml(value: Json, media_type: str) -> bool:
    """The example is XML text, which the schema of its value does not describe."""
    return isinstance(value, str) and value.lstrip()[:1] == "<" and kind_of(concrete_type(media_type)) == "xml"
