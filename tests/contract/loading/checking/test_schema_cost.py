"""A few references must not cause endless work; a long document may be long."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.loading.checking.deviations import is_tolerable
from mockserver.contract.loading.checking.document_error import find_document_error
from mockserver.contract.loading.checking.schema_cost import COMPOSITIONS, MAX_APPLICATIONS, SchemaCost
from tests.contract.builders import a_document


def named(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


def doubling(word: str, times: int) -> dict[str, Any]:
    """A document in which each schema refers to the next one twice."""
    schemas: dict[str, Any] = {f"S{number}": {word: [named(number + 1)] * 2} for number in range(times)}
    return a_document(named(0), components={"schemas": {**schemas, f"S{times}": {"type": "integer"}}})


@pytest.mark.parametrize("word", COMPOSITIONS)
def test_exponential_schemas_are_an_error(word: str) -> None:
    error = find_document_error(doubling(word, 40), is_tolerable=is_tolerable)
    assert error is not None
    assert error.pointer == f"/components/schemas/S0/{word}"
    assert str(MAX_APPLICATIONS) in error.reason


@pytest.mark.parametrize("word", COMPOSITIONS)
def test_schemas_may_double_a_few_times(word: str) -> None:
    assert find_document_error(doubling(word, 8), is_tolerable=is_tolerable) is None


@pytest.mark.parametrize("word", ["not", "if", "then", "else"])
def test_schemas_under_other_keywords_count_as_well(word: str) -> None:
    inner = {"$ref": "#/components/schemas/S0"}
    document = doubling("allOf", 40)
    assert SchemaCost(document).exceeds_limit([{word: inner}])
    assert SchemaCost(document).exceeds_limit([{"dependentSchemas": {"a": inner}}])


def test_long_document_may_have_many_schemas() -> None:
    branches = [{"const": number} for number in range(3 * MAX_APPLICATIONS)]
    document = a_document({"anyOf": branches}, version="3.1.0")
    assert find_document_error(document, is_tolerable=is_tolerable) is None
    assert SchemaCost(document).exceeds_limit(
        [{"$ref": "#/paths/~1thing/post/requestBody/content/application~1json/schema"}] * 9
    )


def test_circle_is_counted_once() -> None:
    schemas = {"A": {"anyOf": [named(0), {"type": "null"}]}, "S0": {"properties": {"a": named(0)}, "allOf": [{}]}}
    schemas["B"] = {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/B"}]}
    document = a_document({}, components={"schemas": schemas})
    assert not SchemaCost(document).exceeds_limit([{"$ref": f"#/components/schemas/{name}"} for name in schemas])


def test_member_schemas_do_not_count() -> None:
    schemas: dict[str, Any] = {
        f"S{number}": {"properties": {"a": named(number + 1), "b": named(number + 1)}} for number in range(40)
    }
    document = a_document(named(0), components={"schemas": {**schemas, "S40": {}}})
    assert not SchemaCost(document).exceeds_limit([named(0)])


def test_chain_of_thousands_of_references_is_counted() -> None:
    schemas: dict[str, Any] = {f"S{number}": {"allOf": [named(number + 1)]} for number in range(3_000)}
    document = a_document({}, components={"schemas": {**schemas, "S3000": {}}})
    assert not SchemaCost(document).exceeds_limit([named(0)])
    assert SchemaCost(document).exceeds_limit([named(0)] * 20)
