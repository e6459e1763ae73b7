"""How often schemas are applied to one value: references let a few lines stand for more than anybody can check.

Rule 1: a long document may ask for as much work as it is long, and somewhat more; a short one may not ask for endless
        work by referring to the same schemas again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from mockserver.contract.pointer import resolved

LISTS: Final = ("allOf", "anyOf", "oneOf")
MOST: Final = 4_096
"""How often schemas may be applied to one value, and how often more where there are many."""
MOST_EACH: Final = 8
_ONE: Final = ("not", "if", "then", "else")
_BEYOND: Final = 10**9


class Extent:
    """Counts the schemas of a document that are applied to one value."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._counts: dict[int, int] = {}

    def is_endless(self, schemas: list[Any]) -> bool:
        """Whether to apply them all is more than can be asked for."""
        count = sum(map(self._count, schemas))
        return count > MOST and count > MOST + MOST_EACH * self._distinct(schemas)

    def _count(self, schema: Any) -> int:
        """How often schemas are applied where this one is; a circle is counted once."""
        counts = self._counts
        pending: list[tuple[Any, bool]] = [(schema, False)]
        while pending:
            each, is_open = pending.pop()
            inner = list(self._applied(each))
            if is_open:
                counts[id(each)] = min(1 + sum(counts[id(one)] for one in inner), _BEYOND)
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
        """The schemas that are applied to the same value as this one."""
        if not isinstance(schema, dict):
            return
        ref = schema.get("$ref")
        inner = [each for word in LISTS if isinstance(each := schema.get(word), list)]
        inner.append([schema.get(word) for word in _ONE])
        if isinstance(dependent := schema.get("dependentSchemas"), dict):
            inner.append(list(dependent.values()))
        if isinstance(ref, str) and ref.startswith("#/"):
            with suppress(LookupError):  # another check says so
                inner.append([resolved(self._document, ref)])
        for schemas in inner:
            yield from (each for each in schemas if isinstance(each, dict))
