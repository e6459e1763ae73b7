"""The violations of a refused value, in bounded work and in a bounded number."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from mockserver.contract.schema.explanation import arrays, choices, leaves, objects
from mockserver.contract.schema.explanation.relevance import relevant_violations, violations_within, without_mistyped
from mockserver.contract.schema.explanation.schema_facts import facts_of
from mockserver.contract.schema.explanation.walk import Rule, Walk
from mockserver.contract.schema.translation import Direction, is_openapi_30
from mockserver.contract.schema.violation import ValidationFailure, Violation
from mockserver.contract.strict_json import Json

MAX_LISTED: Final = 20
MAX_FOUND: Final = 200
RULES_30: Final[Mapping[str, Rule]] = {**leaves.RULES_30, **objects.RULES_30, **arrays.RULES_30, **choices.RULES_30}
RULES_31: Final[Mapping[str, Rule]] = {**leaves.RULES_31, **objects.RULES_31, **arrays.RULES_31, **choices.RULES_31}


class Explanation(NamedTuple):
    """The violations that were found; `is_complete` if there are no others."""

    violations: tuple[Violation, ...]
    is_complete: bool


def explain(
    schema: Json, document: Mapping[str, Any], direction: Direction, value: Json, *, subject: str | None = None
) -> Explanation:
    """Every violation of a value, up to MAX_LISTED. The last one says how many are left out.

    A subject, such as the name of a parameter, takes the place of the pointers.
    """
    walk = _walk(document, direction)
    failures = walk.failures(schema, value)
    relevant = relevant_violations(failures) if subject is None else violations_within(subject, failures)
    found = list(islice(relevant, MAX_FOUND))
    is_complete = walk.is_complete and len(found) < MAX_FOUND
    kept = without_mistyped(found) if subject is None else tuple(dict.fromkeys(found))
    return Explanation(_listed(kept, is_complete=is_complete), is_complete)


def failures_of(
    schema: Json, document: Mapping[str, Any], direction: Direction, value: Json
) -> list[ValidationFailure]:
    """The failures of a value, an anyOf or oneOf as one; none if the walk ends early."""
    walk = _walk(document, direction)
    found = walk.failures(schema, value)
    return [] if walk.is_exhausted else found


def _walk(document: Mapping[str, Any], direction: Direction) -> Walk:
    return Walk(facts_of(document, direction, RULES_30 if is_openapi_30(document) else RULES_31))


def _listed(violations: tuple[Violation, ...], *, is_complete: bool) -> tuple[Violation, ...]:
    if len(violations) <= MAX_LISTED:
        return violations
    left = len(violations) - MAX_LISTED + 1
    rest = f"{left} more faults" if is_complete else "more faults"
    return (*violations[: MAX_LISTED - 1], Violation("", f"there are {rest}", "more"))
