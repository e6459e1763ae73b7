"""The document and the mock have the same calls, with the same fields."""

from __future__ import annotations

import re
from typing import Any

import openapi_spec_validator
import pytest
import yaml

from mockserver import __version__
from mockserver.contract.pointer import dereference
from tests.web.conftest import Start
from tests.web.control.document.calls import CALLS, DOCUMENT, Call, examples_of, member_names
from tests.web.mock_client import Mock

KNOWN = re.compile(
    r"the (?:query|body|match|then) has an unknown field 'no-such-field'; (?:the valid ones are (.*)|it takes none)"
)
CHECKPOINT = "before the purchase"
"""The checkpoint of the examples."""
BODIES = [call for call in CALLS if call.method == "POST"]
SELECTIONS = [
    call
    for call in CALLS
    if call.parameters and call.body is None and "{id}" not in call.path and call.path != "/_mock/events"
]


def known_fields(mock: Mock, call: Call, **parts: Any) -> set[str]:
    """The fields that the mock names as valid when it refuses another."""
    response = mock.request(call.method, call.path.format(id=mock.create()), **parts)
    found = KNOWN.fullmatch(response.json()["message"])
    assert found, response.text
    return set(found[1].split(", ")) if found[1] else set()


def test_document_is_valid_openapi(mock: Mock) -> None:
    openapi_spec_validator.validate(mock.get("/_mock/openapi.json").json())


def test_document_is_the_same_as_yaml_and_json(mock: Mock) -> None:
    as_yaml, as_json = mock.get("/_mock/openapi.yaml"), mock.get("/_mock/openapi.json")
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert as_json.headers["content-type"] == "application/json"
    assert yaml.safe_load(as_yaml.text) == as_json.json()


def test_document_has_the_version_and_the_address_of_the_mock(mock: Mock) -> None:
    for host in ("mock.localhost:9000", "127.0.0.1:8765"):
        shown = mock.get("/_mock/openapi.json", headers={"host": host}).json()
        assert shown["info"]["version"] == __version__
        assert [server["url"] for server in shown["servers"]] == [f"http://{host}"]


def test_document_needs_the_control_token(start: Start) -> None:
    assert start(control_token="sesame").get("/_mock/openapi.yaml").status_code == 401


def test_document_has_every_call_of_the_mock_and_no_other(mock: Mock) -> None:
    table = mock.get("/_mock/").json()["calls"]
    assert sorted(map(str, CALLS)) == sorted([*table, "GET /_mock/"])


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_query_has_the_declared_parameters_and_no_other(mock: Mock, call: Call) -> None:
    declared = {each["name"] for each in call.parameters if each["in"] == "query"}
    assert known_fields(mock, call, params={"no-such-field": "1"}) == declared


@pytest.mark.parametrize("call", BODIES, ids=str)
def test_body_has_the_declared_fields_and_no_other(mock: Mock, call: Call) -> None:
    assert call.body is not None
    assert known_fields(mock, call, json={"no-such-field": 1}) == member_names(call.body["schema"])


def test_calls_without_a_declared_body_are_those_that_take_none() -> None:
    assert [call for call in CALLS if call.body is not None] == BODIES


@pytest.mark.parametrize(("member", "base"), [("match", {}), ("then", {"status": 200})])
def test_fault_plan_has_the_declared_members_and_no_other(mock: Mock, member: str, base: dict[str, Any]) -> None:
    plan = DOCUMENT["components"]["schemas"]["FaultPlan"]["properties"][member]
    fields = {**base, "no-such-field": 1}
    assert known_fields(mock, Call("POST", "/_mock/faults"), json={member: fields}) == member_names(plan)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_operation_has_an_id_of_its_own_a_tag_and_a_summary(call: Call) -> None:
    operation = call.operation.data
    assert [other for other in CALLS if other.operation.data["operationId"] == operation["operationId"]] == [call]
    assert set(operation["tags"]) < {tag["name"] for tag in DOCUMENT["tags"]}
    assert operation["summary"].endswith(".")


@pytest.mark.parametrize("call", BODIES, ids=str)
def test_example_of_a_body_has_an_answer(mock: Mock, call: Call) -> None:
    mock.post("/_mock/credits", {"key": "sk-demo", "credits": 500})
    mock.post("/_mock/checkpoints", {"name": CHECKPOINT})
    assert call.body is not None
    for example in examples_of(call.body).values():
        response = mock.post(call.path.format(id=mock.create()), example)
        assert response.status_code == 200, response.text


@pytest.mark.parametrize("call", SELECTIONS, ids=str)
def test_examples_of_parameters_have_an_answer(mock: Mock, call: Call) -> None:
    query = {each["name"]: each["example"] for each in call.parameters if each["name"] != "id"}
    mock.post("/_mock/checkpoints", {"name": CHECKPOINT})
    assert mock.request(call.method, call.path, params=query).status_code == 200


@pytest.mark.parametrize("call", BODIES, ids=str)
def test_body_has_no_default_that_makes_a_field_mandatory_in_generated_types(call: Call) -> None:
    assert call.body is not None
    schema = dereference(DOCUMENT, call.body["schema"])
    for each in (schema, *schema.get("oneOf", ())):
        assert "anyOf" not in each
        assert [name for name, member in each.get("properties", {}).items() if "default" in member] == []
