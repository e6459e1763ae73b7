"""The walks through a document share what they know of its schemas."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.schema.explanation.explain import RULES_30, RULES_31, explain
from mockserver.contract.schema.explanation.schema_facts import MOST_DOCUMENTS, SchemaFacts, facts_of


def document(version: str = "3.0.3", **schemas: Any) -> dict[str, Any]:
    return {"openapi": version, "components": {"schemas": schemas}}


def ref(name: str, **beside: Any) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", **beside}


def codes(schema: Any, owner: dict[str, Any], value: Any) -> list[str]:
    return [violation.code for violation in explain(schema, owner, "request", value).violations]


def test_validator_of_a_keyword_is_compiled_once_for_all_walks() -> None:
    owner, schema = document(), {"minimum": 3, "exclusiveMinimum": True}
    first = facts_of(owner, "request", RULES_30).leaf(schema, "minimum", "exclusiveMinimum")
    assert facts_of(owner, "request", RULES_30).leaf(schema, "minimum", "exclusiveMinimum") is first
    assert not first.is_valid(3)


def test_directions_of_a_document_have_facts_of_their_own() -> None:
    owner = document()
    request, response = (facts_of(owner, each, RULES_30) for each in ("request", "response"))
    assert (request.forbidden, response.forbidden) == ("readOnly", "writeOnly")


def test_facts_of_the_last_documents_are_kept_and_no_more() -> None:
    owners = [document() for _ in range(MOST_DOCUMENTS + 1)]
    facts = [facts_of(owner, "request", RULES_30) for owner in owners]
    assert facts_of(owners[-1], "request", RULES_30) is facts[-1]
    assert facts_of(owners[0], "request", RULES_30) is not facts[0]


def test_schema_of_a_passing_object_is_not_taken_for_another_one() -> None:
    owner = document()
    found = [codes({"type": kind}, owner, "text") for kind in ("string", "number", "string", "number")]
    assert found == [[], ["type"], [], ["type"]]


def test_chain_of_references_leads_to_its_last_schema() -> None:
    owner = document(A=ref("B"), B=ref("C", type="string"), C={"type": "integer"})
    facts = SchemaFacts(owner, "request", RULES_30)
    assert facts.known(owner["components"]["schemas"]["A"]).target is owner["components"]["schemas"]["C"]
    assert codes(ref("A"), owner, "text") == ["type"]


@pytest.mark.parametrize("name", ["Loop", "Missing", "True"])
def test_reference_to_no_schema_refuses_nothing(name: str) -> None:
    owner = document(Loop=ref("Loop"), True_=True)
    assert codes(ref(name.replace("True", "True_")), owner, "text") == []


def test_keywords_beside_a_reference_count_in_openapi_31_alone() -> None:
    beside = ref("Text", maxLength=2)
    assert codes(beside, document("3.0.3", Text={"type": "string"}), "text") == []
    assert codes(beside, document("3.1.0", Text={"type": "string"}), "text") == ["maxLength"]
    assert SchemaFacts(document("3.1.0"), "request", RULES_31).known(beside).target is beside
