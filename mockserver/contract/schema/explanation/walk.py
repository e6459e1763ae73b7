"""The walk through a schema and a refused value, which finds the keywords that the value fails.

The compiled validators can't explain in bounded time: they follow each branch of a recursive oneOf anew, in one call
that holds every thread up. openapi-core does the same, and its import takes half a second. So this walk finds the
failures itself:

Rule 1: a schema is walked once for each place of the value, however many branches lead there.
Rule 2: a walk ends after MAX_STEPS schemas, and a schema after MAX_FAILURES failures.
Rule 3: it walks the document's own schema, so readOnly, nullable and titles are at hand; the verdict on one keyword
        is that of jsonschema-rs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import jsonschema_rs

from mockserver.contract.pointer import resolve_ref
from mockserver.contract.schema.formats import FORMATS
from mockserver.contract.schema.translation import Direction, is_marked, is_openapi_30
from mockserver.contract.schema.validators import compile_predicate
from mockserver.contract.schema.violation import Path, ValidationFailure
from mockserver.contract.strict_json import Json

MAX_STEPS: Final = 6_000
"""About 50 ms of work."""
MAX_FAILURES: Final = 100

Key = TypeVar("Key", str, int)

Rule = Callable[["Walk", Any, Any, Path, Mapping[str, Any]], Iterator[ValidationFailure]]
"""The failures of one keyword, from its value, the given value, its path and the schema."""

MANY: Final = 100
"""With more values than these the compiled validator finds the refused ones."""


class Walk:
    """One walk, by the rules of the document's version. `is_complete` becomes false when it leaves failures out."""

    def __init__(
        self,
        document: Mapping[str, Any],
        direction: Direction,
        rules: Mapping[str, Rule],
        *,
        most: int = MAX_FAILURES,
    ) -> None:
        self.is_30 = is_openapi_30(document)
        self.forbidden = "readOnly" if direction == "request" else "writeOnly"
        self.is_complete = True
        self._document = document
        self._direction = direction
        self._most = most
        self._steps = MAX_STEPS
        self._rules = rules
        self._found: dict[tuple[int, Path], list[ValidationFailure]] = {}
        self._leaves: dict[tuple[int, str], jsonschema_rs.Validator] = {}

    @property
    def is_exhausted(self) -> bool:
        """The steps are used up: no conclusion from an absent failure holds."""
        return self._steps <= 0

    def spend(self, steps: int = 1) -> bool:
        """Use up some steps; true if there were any left."""
        self._steps -= steps
        if self.is_exhausted:
            self.is_complete = False
        return not self.is_exhausted

    def failures(self, schema: Json, value: Json, path: Path = ()) -> list[ValidationFailure]:
        """The failures of a value against a schema of the document."""
        if schema is False:
            return [ValidationFailure("false", False, value, path, {})]
        if not isinstance(schema, dict):
            return []
        key = (id(schema), path)
        known = self._found.get(key)
        if known is not None:
            return known
        found = self._found[key] = []  # a schema that refers to itself finds no failure of its own
        if self.spend():
            try:
                self._collect(schema, value, path, found)
            except RecursionError:
                self._steps = 0
                self.is_complete = False
        return found

    def _collect(self, schema: Mapping[str, Any], value: Json, path: Path, found: list[ValidationFailure]) -> None:
        keywords = ("$ref",) if self.is_30 and "$ref" in schema else tuple(schema)
        for keyword in keywords:
            rule = self._rules.get(keyword)
            for failure in rule(self, schema[keyword], value, path, schema) if rule is not None else ():
                found.append(failure)
                if len(found) >= self._most:
                    self.is_complete = False
                    return
            if self.is_exhausted:
                return
        self.is_complete &= "$dynamicRef" not in schema

    def accepts(self, schema: Json, value: Json, path: Path) -> bool:
        """The value has no failure against the schema."""
        return not self.failures(schema, value, path)

    def suspects(self, schema: Json, values: Sequence[tuple[Key, Any]]) -> Iterable[tuple[Key, Any]]:
        """The values to walk. Among many ones the compiled validator finds the refused ones, since it is faster."""
        if len(values) <= MANY:
            return values
        accepts = compile_predicate(schema, self._document, self._direction)
        return (each for each in values if not accepts(each[1]))

    def leaf(self, schema: Mapping[str, Any], keyword: str, alone: Mapping[str, Any]) -> jsonschema_rs.Validator:
        """The validator of one keyword alone."""
        key = (id(schema), keyword)
        if (known := self._leaves.get(key)) is None:
            dialect = jsonschema_rs.Draft4Validator if self.is_30 else jsonschema_rs.Draft202012Validator
            known = self._leaves[key] = dialect(dict(alone), validate_formats=True, formats=FORMATS, offline=True)
        return known

    def resolve(self, ref: str) -> Json:
        """The schema that a local $ref names; the empty schema if no pointer leads there."""
        try:
            found: Json = resolve_ref(self._document, ref if ref.startswith("#/") else "#/")
        except LookupError:
            self.is_complete = False
            return {}
        return found

    def is_marked(self, schema: Json) -> bool:
        """The direction forbids a member of the schema."""
        return is_marked(schema, self.forbidden, self._document)

    def forbids(self, schema: Json) -> bool:
        """The member must not be there. OpenAPI 3.1 leaves a readOnly member in a request alone."""
        return (self.is_30 or self.forbidden == "writeOnly") and self.is_marked(schema)
