"""A few lines of references may not stand for endless work; a long document may be long."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.loading.checking.deviations import is_lapse
from mockserver.contract.loading.checking.document_error import first_fault
from mockserver.contract.loading.checking.schema_cost import LISTS, MOST, Extent

from .builders import a_document


def named(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


def doubling(word: str, times: int) -> dict[str, Any]:
    """A document in which each schema leads to the next one twice."""
    schemas: dict[str, Any] = {f"S{number}": {word: [named(number + 1)] * 2} for number in range(times)}
    return a_document(named(0), components={"schemas": {**schemas, f"S{times}": {"type": "integer"}}})


@pytest.mark.parametrize("word", LISTS)
def test_schemas_that_double_again_and_again_are_a_fault(word: str) -> None:
    fault = first_fault(doubling(word, 40), is_lapse=is_lapse)
    assert fault is not None
    assert fault.pointer == f"/components/schemas/S0/{word}"
    assert str(MOST) in fault.reason


@pytest.mark.parametrize("word", LISTS)
def test_a_few_times_may_be_doubled(word: str) -> None:
    assert first_fault(doubling(word, 8), is_lapse=is_lapse) is None


@pytest.mark.parametrize("word", ["not", "if", "then", "else"])
def test_what_is_applied_under_another_word_counts_as_well(word: str) -> None:
    inner = {"$ref": "#/components/schemas/S0"}
    document = doubling("allOf", 40)
    assert Extent(document).is_endless([{word: inner}])
    assert Extent(document).is_endless([{"dependentSchemas": {"a": inner}}])


def test_as_many_schemas_as_a_document_has_lines_are_none() -> None:
    branches = [{"const": number} for number in range(3 * MOST)]
    document = a_document({"anyOf": branches}, version="3.1.0")
    assert first_fault(document, is_lapse=is_lapse) is None
    assert Extent(document).is_endless(
        [{"$ref": "#/paths/~1thing/post/requestBody/content/application~1json/schema"}] * 9
    )


def test_a_circle_is_counted_once() -> None:
    schemas = {"A": {"anyOf": [named(0), {"type": "null"}]}, "S0": {"properties": {"a": named(0)}, "allOf": [{}]}}
    schemas["B"] = {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/B"}]}
    document = a_document({}, components={"schemas": schemas})
    assert not Extent(document).is_endless([{"$ref": f"#/components/schemas/{name}"} for name in schemas])


def test_members_are_other_values() -> None:
    schemas: dict[str, Any] = {
        f"S{number}": {"properties": {"a": named(number + 1), "b": named(number + 1)}} for number in range(40)
    }
    document = a_document(named(0), components={"schemas": {**schemas, "S40": {}}})
    assert not Extent(document).is_endless([named(0)])


def test_a_chain_of_thousands_is_followed_to_its_end() -> None:
    schemas: dict[str, Any] = {f"S{number}": {"allOf": [named(number + 1)]} for number in range(3_000)}
    document = a_document({}, components={"schemas": {**schemas, "S3000": {}}})
    assert not Extent(document).is_endless([named(0)])
    assert Extent(document).is_endless([named(0)] * 20)
