"""Samples of a schema: the document's own values first, then made ones.

Rule 1: an example, default, constant or first enum value is used as it is, if the schema accepts it.
Rule 2: a made value is the plainest one. A circle ends with the required members.
Rule 3: the compiled validator accepts every value of `sample_valid`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from mockserver.contract.mocking.sample.maker import SampleMaker
from mockserver.contract.mocking.sample.schema_node import SchemaContext
from mockserver.contract.mocking.sample.search import MAX_WORK, NoSample, draw_value, find_value
from mockserver.contract.mocking.sample.state import NoValue, SearchState, WorkLimitExceeded
from mockserver.contract.schema.translation import Direction
from mockserver.contract.schema.validators import compile_validator
from mockserver.contract.strict_json import Json

__all__ = ["NoSample", "sample", "sample_random", "sample_valid"]


def sample(schema: Json, document: Mapping[str, Any], *, direction: Direction = "response") -> Json:
    """A value for the schema, which is valid if a short search finds one; None if there is no value at all."""
    context = _context(document, direction)
    try:
        return find_value(schema, context, compile_validator(schema, document, direction))
    except (NoSample, ValueError, LookupError):
        pass
    try:
        return SampleMaker(context, SearchState(optional_depth=2), max_work=MAX_WORK).value([schema])
    except (NoValue, WorkLimitExceeded, RecursionError):
        return None


def sample_valid(schema: Json, document: Mapping[str, Any], *, direction: Direction = "response") -> Json:
    """A value that the schema accepts, the same each time; raises NoSample."""
    return find_value(schema, _context(document, direction), compile_validator(schema, document, direction))


def sample_random(schema: Json, document: Mapping[str, Any], *, seed: str, direction: Direction = "response") -> Json:
    """A random value that the schema accepts, the same for the same seed; raises NoSample."""
    rng = random.Random(seed)
    return draw_value(schema, _context(document, direction), compile_validator(schema, document, direction), rng)


def _context(document: Mapping[str, Any], direction: Direction) -> SchemaContext:
    return SchemaContext(document, "writeOnly" if direction == "response" else "readOnly")
