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

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from mockserver.contract.schema.explanation.schema_facts import SchemaFacts
from mockserver.contract.schema.validators import compile_predicate
from mockserver.contract.schema.violation import Path, ValidationFailure
from mockserver.contract.strict_json import Json

MAX_STEPS: Final = 6_000
"""About 50 ms of work."""
MAX_FAILURES: Final = 100

Key = TypeVar("Key", str, int)

Rule = Callable[["Walk", Any, Any, Path, Mapping[str, Any]], Iterable[ValidationFailure]]
"""The failures of one keyword, from its value, the given value, its path and the schema."""

MANY: Final = 100
"""With more values than these the compiled validator finds the refused ones."""


class Walk:
    """One walk through the schemas of a document. `is_complete` becomes false when it leaves failures out."""

    def __init__(self, facts: SchemaFacts[Rule], *, most: int = MAX_FAILURES) -> None:
        self.is_30 = facts.is_30
        self.forbidden = facts.forbidden
        self.is_complete = True
        self.leaf = facts.leaf
        self.is_marked = facts.is_marked
        self.forbids = facts.forbids
        self._facts = facts
        self._most = most
        self._steps = MAX_STEPS
        self._found: dict[tuple[int, Path], list[ValidationFailure]] = {}

    @property
    def is_exhausted(self) -> bool:
        """The steps are used up: no conclusion from an absent failure holds."""
        return self._steps <= 0

    def spend(self, steps: int = 1) -> bool:
        """Use up some steps; true if there were any left."""
        self._steps -= steps
        if self._steps > 0:
            return True
        self.is_complete = False
        return False

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
        _, target, keywords, is_complete = self._facts.known(schema)
        for rule, expected in keywords:
            for failure in rule(self, expected, value, path, target):
                found.append(failure)
                if len(found) >= self._most:
                    self.is_complete = False
                    return
            if self._steps <= 0:
                return
        self.is_complete &= is_complete

    def accepts(self, schema: Json, value: Json, path: Path) -> bool:
        """The value has no failure against the schema."""
        return not self.failures(schema, value, path)

    def suspects(self, schema: Json, values: Sequence[tuple[Key, Any]]) -> Iterable[tuple[Key, Any]]:
        """The values to walk. Among many ones the compiled validator finds the refused ones, since it is faster."""
        if len(values) <= MANY:
            return values
        accepts = compile_predicate(schema, self._facts.document, self._facts.direction)
        return (each for each in values if not accepts(each[1]))

    def resolve(self, ref: str) -> Json:
        """The schema that a local $ref names; the empty schema if no pointer leads there."""
        try:
            return self._facts.target(ref)
        except LookupError:
            self.is_complete = False
            return {}
