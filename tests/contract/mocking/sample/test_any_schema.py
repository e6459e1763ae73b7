"""For any schema of Hypothesis, a sample is valid by another validator, or there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator, oas30_format_checker, oas31_format_checker

from mockserver.contract.mocking.sample import NoSample, sample_random, sample_valid
from tests.matrix import few_examples, long_but

REF = {"$ref": "#/components/schemas/Node"}
SCALARS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("integer")},
        optional={
            "minimum": st.integers(-5, 5),
            "maximum": st.integers(5, 50),
            "multipleOf": st.sampled_from([2, 3, 7]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": st.integers(0, 4),
            "maxLength": st.integers(4, 9),
            "pattern": st.sampled_from(["^[a-z]+$", "^x", "[0-9]{2}", "^(a|bc)*$"]),
            "format": st.sampled_from(["date", "date-time", "uuid", "email", "ipv4"]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("number")}, optional={"minimum": st.floats(-1, 1), "maximum": st.floats(1, 9)}
    ),
    st.just({"type": "boolean"}),
    st.fixed_dictionaries({"enum": st.lists(st.sampled_from(["a", 1, True, 2.5]), min_size=1, unique_by=repr)}),
    st.sampled_from([REF, {}, {"type": "string", "example": 5}, {"type": "integer", "default": "x", "example": 3}]),
)
NAMES = st.sampled_from(["a", "b", "c"])


def _composed(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    lists = st.fixed_dictionaries(
        {"type": st.just("array"), "items": inner},
        optional={"minItems": st.integers(0, 3), "maxItems": st.integers(3, 5), "uniqueItems": st.booleans()},
    )
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={
            "required": st.lists(NAMES, min_size=1, max_size=3, unique=True),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "minProperties": st.integers(0, 2),
            "maxProperties": st.integers(2, 4),
        },
    )
    several = st.lists(inner, min_size=1, max_size=3)
    words = [st.fixed_dictionaries({word: several}) for word in ("allOf", "anyOf", "oneOf")]
    return st.one_of(lists, objects, *words, st.fixed_dictionaries({"not": inner}))


SCHEMAS = st.recursive(SCALARS, _composed, max_leaves=8)
NODE = {"type": "object", "properties": {"next": REF, "name": {"type": "string"}}, "required": ["name"]}


@pytest.mark.parametrize("version", long_but("3.1.0", of=["3.0.3", "3.1.0"]))
@few_examples(20)
@given(schema=SCHEMAS, seed=st.integers(0, 9).map(str))
def test_sample_is_accepted_by_another_validator(version: str, schema: dict[str, Any], seed: str) -> None:
    document = {"openapi": version, "components": {"schemas": {"Node": NODE}}}
    for make in (sample_valid, sample_random):
        try:
            value = make(schema, document) if make is sample_valid else sample_random(schema, document, seed=seed)
        except NoSample:
            continue
        assert _complaints(schema, document, json.loads(json.dumps(value))) == []


def _complaints(schema: dict[str, Any], document: dict[str, Any], value: Any) -> list[str]:
    is_30 = document["openapi"].startswith("3.0")
    validator = OAS30ReadValidator if is_30 else OAS31Validator
    checker = oas30_format_checker if is_30 else oas31_format_checker
    whole = {"components": document["components"], "allOf": [schema]}
    return [error.message for error in validator(whole, format_checker=checker).iter_errors(value)]
