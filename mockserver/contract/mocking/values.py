"""Values for a response: the document's examples, and samples of its schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.media import kind_of
from mockserver.contract.mocking.response import NoMockedResponse
from mockserver.contract.mocking.sample import NoSample, sample_random, sample_valid
from mockserver.contract.mocking.selection import named_examples
from mockserver.contract.pointer import dereference
from mockserver.contract.strict_json import Json


class ValueSource:
    """The values that the document of one operation offers."""

    def __init__(self, document: Mapping[str, Any], operation: str) -> None:
        self.document = document
        self._operation = operation

    def examples(self, content: Mapping[str, Any], name: str | None) -> Iterator[tuple[str, Json]]:
        """The examples of a media type or header, each with its name in notes; only one if `name` is given."""
        if "example" in content and name is None:
            yield "the example", content["example"]
        for each, data in named_examples(content).items():
            if name is None or each == name:
                resolved = self.resolve(data)
                if "value" in resolved:
                    yield f"the example {each}", resolved["value"]

    def unread_examples(self, content: Mapping[str, Any]) -> Iterator[str]:
        """A sentence for each named example that has no value here: its reference or its file cannot be read."""
        for name, data in named_examples(content).items():
            resolved = self.resolve(data)
            if "value" not in resolved:
                place = resolved.get("externalValue") or (data.get("$ref") if isinstance(data, dict) else None)
                yield f"the example {name} was not read" + (f": {place}" if isinstance(place, str) else "")

    def body_sample(self, content: Mapping[str, Any], status: int, media_type: str, seed: str | None) -> Json:
        """A value for a body, the same each time without a seed; raises NoMockedResponse."""
        if "schema" in content:
            return self.sample(content["schema"], f"{status} {media_type}", seed)
        kind = kind_of(media_type)
        return {} if kind in ("json", "form", "multipart") else None if kind == "binary" else ""

    def sample(self, schema: Json, place: str, seed: str | None) -> Json:
        """A value that the schema accepts, the same each time without a seed; raises NoMockedResponse."""
        if seed is not None:
            try:
                return sample_random(schema, self.document, seed=f"{self._operation} {place} {seed}")
            except NoSample:
                pass  # a constant value is better than none
        try:
            return sample_valid(schema, self.document)
        except NoSample:
            raise NoMockedResponse(
                "schema", f"no value was found that the schema of {self._operation} {place} accepts; there may be none"
            ) from None

    def resolve(self, value: Any) -> Mapping[str, Any]:
        """The object, or the one it refers to; empty if there is none."""
        try:
            resolved = dereference(self.document, value)
        except LookupError:
            return {}
        return resolved if isinstance(resolved, dict) else {}
