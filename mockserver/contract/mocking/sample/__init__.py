"""A value that a schema accepts: what a document itself offers, before anything is made up.

Rule 1: a schema's example, default, constant or first enum value is taken as it stands, where the schema accepts it.
Rule 2: what is made up is the plainest value; a circle ends with what is required.
Rule 3: what `sampled` answers is accepted by the compiled validator, or nothing is answered.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from mockserver.contract.mocking.sample.maker import Impossible, Maker, Plan, TooMuch
from mockserver.contract.mocking.sample.schema_node import Context
from mockserver.contract.mocking.sample.schemathesis_fallback import last_resort
from mockserver.contract.mocking.sample.search import MOST_WORK, NothingFound, found, thrown
from mockserver.contract.schema.translation import Direction, validator
from mockserver.contract.strict_json import Json

__all__ = ["NothingFound", "sample", "sampled", "varied"]


def sample(schema: Json, document: Mapping[str, Any], *, direction: Direction = "response") -> Json:
    """A value for the schema, valid where one is found in a moment; None where nothing can be told."""
    context = _context(document, direction)
    try:
        return found(schema, context, validator(schema, document, direction))
    except (NothingFound, ValueError, LookupError):
        pass
    try:
        return Maker(context, Plan(optional_depth=2), most_work=MOST_WORK).value([schema])
    except (Impossible, TooMuch, RecursionError):
        return None


def sampled(schema: Json, document: Mapping[str, Any], *, direction: Direction = "response") -> Json:
    """A value that the schema accepts, the same each time; raises NothingFound.

    Where our own search ends without one, a library that makes any value is asked: that takes seconds.
    """
    judge = validator(schema, document, direction)
    try:
        return found(schema, _context(document, direction), judge)
    except NothingFound:
        return last_resort(schema, document, direction, judge)


def varied(schema: Json, document: Mapping[str, Any], *, seed: str, direction: Direction = "response") -> Json:
    """A value that the schema accepts, another for another seed; raises NothingFound."""
    dice = random.Random(seed)
    return thrown(schema, _context(document, direction), validator(schema, document, direction), dice)


def _context(document: Mapping[str, Any], direction: Direction) -> Context:
    return Context(document, "writeOnly" if direction == "response" else "readOnly")
