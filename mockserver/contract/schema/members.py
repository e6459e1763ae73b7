"""The members that a schema describes, by name: its properties, patterns and additional members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.structure import parts_of, properties_of
from mockserver.contract.strict_json import Json


class Members:
    """The members of an object, from its schema and the parts of it."""

    def __init__(self, schema: Json, document: Mapping[str, Any]) -> None:
        self.properties = properties_of(schema, document)
        self._patterns: dict[str, Json] = {}
        self._additional: Json = None
        self.is_closed = False
        for part in parts_of(schema, document):
            self._patterns.update(part.get("patternProperties") or {})
            for word in ("additionalProperties", "unevaluatedProperties"):
                self.is_closed |= part.get(word) is False
                if self._additional is None and word in part:
                    self._additional = part[word]

    @property
    def is_open(self) -> bool:
        """The schema describes members by other means than their names, or describes none at all."""
        if self.is_closed:
            return bool(self._patterns)
        return bool(self._patterns) or self._additional is not None or not self.properties

    def allows(self, name: str) -> bool:
        """The schema has a place for a member of the name."""
        if name in self.properties or any(matches(pattern, name) for pattern in self._patterns):
            return True
        return self.is_open and not self.is_closed and (self._additional is not None or not self._patterns)

    def schema_of(self, name: str) -> Json:
        """The schema of a member; the empty schema if none describes it."""
        if name in self.properties:
            return self.properties[name]
        for pattern, schema in self._patterns.items():
            if matches(pattern, name):
                return schema
        return self._additional if isinstance(self._additional, dict) else {}
