"""A constraint: a keyword at one place of a schema, with the goals of the values that keep it and that break it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract import Json
from mockserver.contract.schema.formats import STANDARD_FORMATS
from mockserver.contract.schema.translation import INTEGER_RANGES
from mockserver.contract.schema.validators import compile_uncached

_NUMBER: Final = (int, float)
APPLIES: Final[Mapping[str, tuple[type, ...]]] = {
    "type": (object,),
    "enum": (object,),
    "const": (object,),
    "not": (object,),
    "multipleOf": _NUMBER,
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "exclusiveMinimum": _NUMBER,
    "exclusiveMaximum": _NUMBER,
    "pattern": (str,),
    "format": (str, *_NUMBER),
    "minLength": (str,),
    "maxLength": (str,),
    "minItems": (list,),
    "maxItems": (list,),
    "uniqueItems": (list,),
    "contains": (list,),
    "minProperties": (dict,),
    "maxProperties": (dict,),
    "propertyNames": (dict,),
    "dependentRequired": (dict,),
    "dependentSchemas": (dict,),
    "dependencies": (dict,),
}
"""The keywords that one validator judges, each with the types of the values that it concerns."""
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("nullable",),
    "contains": ("minContains", "maxContains"),
}
"""The keywords that change the meaning of another."""
_BESIDE_30: Final = {**_BESIDE, "minimum": ("exclusiveMinimum",), "maximum": ("exclusiveMaximum",)}
_TRIVIAL: Final = frozenset({"minLength", "minItems", "minProperties"})


class Constraint(NamedTuple):
    """A predicate on values of some types, and the numbers of its two goals; None for a goal that no value reaches."""

    types: tuple[type, ...]
    accepts: Callable[[Json], bool]
    valid: int | None
    invalid: int | None

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """Add the goal that the value reaches, if that side counts."""
        if not isinstance(value, self.types) or (isinstance(value, bool) and self.types is _NUMBER):
            return
        if self.accepts(value):
            if valid and self.valid is not None:
                hits.add(self.valid)
        elif invalid and self.invalid is not None:
            hits.add(self.invalid)


def is_constraint(keyword: str, expected: Any, *, is_30: bool) -> bool:
    """The keyword has values that break it."""
    if keyword == "format":
        return expected in STANDARD_FORMATS or expected in INTEGER_RANGES
    if keyword in _TRIVIAL and expected == 0:
        return False
    if is_30 and keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        return False  # a part of minimum and maximum
    return keyword in APPLIES and not (keyword == "uniqueItems" and expected is not True)


def judge_of(keyword: str, schema: Mapping[str, Any], document: Mapping[str, Any], *, is_30: bool) -> LazyJudge:
    """The predicate of one keyword of a schema."""
    beside = (_BESIDE_30 if is_30 else _BESIDE).get(keyword, ())
    return LazyJudge({name: schema[name] for name in (keyword, *beside) if name in schema}, document)


class LazyJudge:
    """A predicate that is compiled when it first judges: a document has thousands, and few requests ask for them."""

    def __init__(self, schema: Json, document: Mapping[str, Any]) -> None:
        self._schema = schema
        self._document = document
        self._is_valid: Callable[[Json], bool] | None = None

    def __call__(self, value: Json) -> bool:
        if self._is_valid is None:
            self._is_valid = compile_uncached(self._schema, self._document, "request").is_valid
        return self._is_valid(value)
