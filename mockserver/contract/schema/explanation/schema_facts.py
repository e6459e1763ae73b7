"""The facts that the walks through one document share: rules, targets of references, validators of keywords.

A refused value meets the same few schemas again and again, and to compile the validator of a keyword takes longer than
the rest of a walk.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

import jsonschema_rs

from mockserver.contract.pointer import resolve_ref
from mockserver.contract.schema.formats import FORMATS
from mockserver.contract.schema.translation import Direction, is_marked, is_openapi_30
from mockserver.contract.strict_json import Json

_Rule = TypeVar("_Rule")
"""The rule of a keyword, which finds its failures; the walk knows its form."""

MOST_DOCUMENTS: Final = 8
MOST_SCHEMAS: Final = 10_000
MOST_HOPS: Final = 100
_caching: Final = threading.Lock()
_known: Final[list[SchemaFacts[Any]]] = []


class KnownSchema(NamedTuple, Generic[_Rule]):
    """A schema as a walk needs it. `is_complete` is false if it has a keyword that no rule explains.

    `target` is the schema, or the one it refers to and adds nothing to; `keywords` are the rules of the target, each
    with the keyword's value.
    """

    schema: Mapping[str, Any]
    target: Mapping[str, Any]
    keywords: tuple[tuple[_Rule, Any], ...]
    is_complete: bool


class SchemaFacts(Generic[_Rule]):
    """The schemas of a document in one direction, by the rules of the document's version."""

    def __init__(self, document: Mapping[str, Any], direction: Direction, rules: Mapping[str, _Rule]) -> None:
        self.document = document
        self.direction = direction
        self.is_30 = is_openapi_30(document)
        self.forbidden = "readOnly" if direction == "request" else "writeOnly"
        self._rules = rules
        # an entry keeps its schema alive, so that no other object gets its id
        self._schemas: dict[int, KnownSchema[_Rule]] = {}
        self._marked: dict[int, tuple[Json, bool]] = {}
        self._leaves: dict[tuple[int, str], tuple[Mapping[str, Any], jsonschema_rs.Validator]] = {}
        self._targets: dict[str, Json] = {}

    def known(self, schema: Mapping[str, Any]) -> KnownSchema[_Rule]:
        """The schema's keywords. Those beside a $ref count in OpenAPI 3.1 alone."""
        found = self._schemas.get(id(schema))
        if found is None:
            target = self._target_of(schema) if self.is_30 and "$ref" in schema else schema
            words = ("$ref",) if self.is_30 and "$ref" in target else tuple(target)
            keywords = tuple((self._rules[word], target[word]) for word in words if word in self._rules)
            found = KnownSchema(schema, target, keywords, "$dynamicRef" not in target)
            _keep(self._schemas, id(schema), found)
        return found

    def _target_of(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema behind a $ref of OpenAPI 3.0, which stands alone; the schema itself if no schema is behind it."""
        target: Any = schema
        for _ in range(MOST_HOPS):
            if not isinstance(target, dict):
                return schema
            if "$ref" not in target:
                return target
            try:
                target = self.target(str(target["$ref"]))
            except LookupError:
                return schema
        return schema

    def leaf(self, schema: Mapping[str, Any], keyword: str, *beside: str) -> jsonschema_rs.Validator:
        """The validator of one keyword of a schema, with the keywords that change its meaning."""
        key = (id(schema), keyword)
        found = self._leaves.get(key)
        if found is None:
            dialect = jsonschema_rs.Draft4Validator if self.is_30 else jsonschema_rs.Draft202012Validator
            alone = {name: schema[name] for name in (keyword, *beside) if name in schema}
            validator = dialect(alone, validate_formats=True, formats=FORMATS, offline=True)
            found = (schema, validator)
            _keep(self._leaves, key, found)
        return found[1]

    def target(self, ref: str) -> Json:
        """The schema that a local $ref names. Raises LookupError if no pointer leads there."""
        if ref not in self._targets:
            _keep(self._targets, ref, resolve_ref(self.document, ref if ref.startswith("#/") else "#/"))
        return self._targets[ref]

    def is_marked(self, schema: Json) -> bool:
        """The direction forbids a member of the schema."""
        if not isinstance(schema, dict):
            return False
        found = self._marked.get(id(schema))
        if found is None:
            found = (schema, is_marked(schema, self.forbidden, self.document))
            _keep(self._marked, id(schema), found)
        return found[1]

    def forbids(self, schema: Json) -> bool:
        """The member must not be there. OpenAPI 3.1 leaves a readOnly member in a request alone."""
        return (self.is_30 or self.forbidden == "writeOnly") and self.is_marked(schema)


def facts_of(document: Mapping[str, Any], direction: Direction, rules: Mapping[str, _Rule]) -> SchemaFacts[_Rule]:
    """The facts of a document. Those of the last few documents are kept."""
    for facts in _known:
        if facts.document is document and facts.direction == direction:
            return facts
    with _caching:
        facts = SchemaFacts(document, direction, rules)
        _known.insert(0, facts)
        del _known[MOST_DOCUMENTS:]
        return facts


def _keep(cache: dict[Any, Any], key: Any, value: Any) -> None:
    """Keep a value under a key. A full cache begins anew."""
    if len(cache) >= MOST_SCHEMAS:
        cache.clear()
    cache[key] = value
