"""The cost of a schema: how many schemas apply to one value. References can make it exponential.

Rule 1: the limit grows with the number of schemas in the document, so a long document may cost more. A short document
        that refers to the same schemas again and again is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from mockserver.contract.pointer import resolve_ref

COMPOSITIONS: Final = ("allOf", "anyOf", "oneOf")
MAX_APPLICATIONS: Final = 4_096
"""The number of schemas that may apply to one value."""
MAX_APPLICATIONS_EACH: Final = 8
"""The number added to the limit for each distinct schema."""
_SINGLE: Final = ("not", "if", "then", "else")
_HUGE: Final = 10**9


class SchemaCost:
    """Counts the schemas of a document that apply to one value."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._counts: dict[int, int] = {}

    def exceeds_limit(self, schemas: list[Any]) -> bool:
        """The schemas together cost more than the limit."""
        count = sum(map(self._count, schemas))
        return count > MAX_APPLICATIONS and count > MAX_APPLICATIONS + MAX_APPLICATIONS_EACH * self._distinct(schemas)

    def _count(self, schema: Any) -> int:
        """The number of schemas that apply with this one. A circle counts once."""
        counts = self._counts
        pending: list[tuple[Any, bool]] = [(schema, False)]
        while pending:
            each, is_expanded = pending.pop()
            inner = list(self._applied(each))
            if is_expanded:
                counts[id(each)] = min(1 + sum(counts[id(one)] for one in inner), _HUGE)
            elif id(each) not in counts:
                counts[id(each)] = 0
                pending.append((each, True))
                pending += [(one, False) for one in inner]
        return counts[id(schema)]

    def _distinct(self, schemas: list[Any]) -> int:
        met: dict[int, Any] = {}
        pending = list(schemas)
        while pending:
            each = pending.pop()
            if id(each) not in met:
                met[id(each)] = each
                pending += self._applied(each)
        return len(met)

    def _applied(self, schema: Any) -> Iterator[dict[str, Any]]:
        """The schemas that apply to the same value as this one."""
        if not isinstance(schema, dict):
            return
        ref = schema.get("$ref")
        inner = [each for word in COMPOSITIONS if isinstance(each := schema.get(word), list)]
        inner.append([schema.get(word) for word in _SINGLE])
        if isinstance(dependent := schema.get("dependentSchemas"), dict):
            inner.append(list(dependent.values()))
        if isinstance(ref, str) and ref.startswith("#/"):
            with suppress(LookupError):  # the check of references reports it
                inner.append([resolve_ref(self._document, ref)])
        for schemas in inner:
            yield from (each for each in schemas if isinstance(each, dict))
