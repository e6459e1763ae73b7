"""The verdicts of both validators on every keyword in which dialects of JSON Schema differ."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import Json
from mockserver.contract.schema.explanation.authority import Authority
from mockserver.contract.schema.explanation.explain import failures_of
from tests.contract.builders import a_document, the_thing

NODE = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}, "additionalProperties": False}
COMPONENTS: dict[str, Any] = {"schemas": {"Node": NODE, "Short": {"type": "string", "maxLength": 2}}}

SCHEMAS_30: list[tuple[dict[str, Any], list[Json], list[Json]]] = [
    ({"type": "string", "nullable": True}, ["x", None], [1]),
    ({"type": "string", "nullable": False}, ["x"], [None]),
    ({"nullable": True}, ["x", None, 1], []),
    ({"type": "string", "nullable": True, "enum": ["a"]}, ["a"], [None, "b"]),
    ({"type": "string", "nullable": True, "enum": ["a", None]}, ["a", None], ["b"]),
    ({"minimum": 1, "exclusiveMinimum": True}, [2, 1.5, "x"], [1, 0]),
    ({"maximum": 1, "exclusiveMaximum": False}, [1], [1.5]),
    ({"type": "integer"}, [1, -(10**20)], [1.5, 1.0, True, "1"]),
    ({"type": "number", "multipleOf": 1}, [1, 1.0, 1e300, 10**300, -3], [0.5, 5e-324, True]),
    ({"type": "boolean"}, [True], [1, 0, None]),
    ({"enum": [1, "a", [1]]}, [1, 1.0, "a", [1]], [True, "b", [True], None]),
    ({"$ref": "#/components/schemas/Short"}, ["ab"], ["abc", None]),
    ({"$ref": "#/components/schemas/Short", "minLength": 1}, ["ab", ""], ["abc"]),
    ({"properties": {"a": {"$ref": "#/components/schemas/Short", "minLength": 1}}}, [{"a": ""}], [{"a": "abc"}]),
    (
        {"$ref": "#/components/schemas/Node"},
        [{}, {"next": {"next": {}}}],
        [{"next": {"next": {"x": 1}}}, {"next": None}],
    ),
    ({"type": "array", "items": {"$ref": "#/components/schemas/Short"}}, [[], ["a"]], [["a", "abc"], {}]),
    ({"type": "array", "uniqueItems": True}, [[1, 2], [1, "1"]], [[1, 1.0], [{}, {}]]),
    ({"type": "object", "additionalProperties": {"type": "number"}}, [{}, {"a": 1}], [{"a": "1"}]),
    ({"type": "object", "required": ["a"], "properties": {"a": {}}}, [{"a": None}], [{}, []]),
    ({"not": {"type": "string"}}, [1], ["x"]),
    ({"oneOf": [{"type": "string"}, {"maxLength": 2}]}, [1, "abc"], ["a"]),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [3, 0]),
    ({"type": "string", "pattern": "^a$"}, ["a"], ["a\n", "b"]),
    ({"type": "string", "pattern": "^[$]a\\$$"}, ["$a$"], ["$a", "$a$\n"]),
    ({"type": "string", "pattern": "^\\d$"}, ["5"], ["\N{ARABIC-INDIC DIGIT FIVE}"]),
    ({"type": "string", "pattern": "\\p{Lu}"}, ["A"], ["a"]),
    ({"type": "string", "maxLength": 1}, ["\N{GRINNING FACE}"], ["ab"]),
    ({"type": "string", "format": "date-time"}, ["2020-01-01T00:00:00Z"], ["2020-02-30T00:00:00Z", "x", ""]),
    ({"type": "string", "format": "date"}, ["2020-02-29"], ["2021-02-29"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["x"]),
    ({"type": "string", "format": "uri"}, ["https://a.b/"], ["a b"]),
    ({"type": "string", "format": "email"}, ["a@b.example"], ["a"]),
    ({"type": "string", "format": "byte"}, ["YQ==", ""], ["Y", "\N{EURO SIGN}"]),
    ({"type": "string", "format": "binary"}, ["anything"], [1]),
    ({"type": "string", "format": "no-format-at-all"}, ["anything"], [1]),
    ({"type": "integer", "format": "int32"}, [2**31 - 1, -(2**31)], [2**31, -(2**31) - 1, 1.5]),
    ({"type": "integer", "format": "int64"}, [2**63 - 1], [2**63]),
    ({"type": "integer", "format": "int32", "nullable": True}, [None, 1], ["1"]),
    ({"$ref": "#/components/schemas/Short", "example": "x", "description": "x", "x-own": {"type": 5}}, ["a"], ["abc"]),
    ({}, [None, 1, "x", [], {}], []),
]
SCHEMAS_31: list[tuple[dict[str, Any], list[Json], list[Json]]] = [
    ({"type": ["string", "null"]}, ["x", None], [1]),
    ({"type": "integer"}, [1, 1.0], [1.5, True]),
    ({"exclusiveMinimum": 1}, [2], [1]),
    ({"const": 5}, [5, 5.0], [6, "5"]),
    ({"properties": {"a": {"$ref": "#/components/schemas/Short", "minLength": 1}}}, [{"a": "a"}], [{"a": ""}]),
    ({"$ref": "#/components/schemas/Node"}, [{"next": {}}], [{"next": {"x": 1}}]),
    ({"prefixItems": [{"type": "string"}], "items": False}, [["a"], []], [["a", "b"], [1]]),
    (
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}, "additionalProperties": False},
        [{"a": "x"}],
        [{"a": 1}, {"b": 1}],
    ),
    ({"dependentRequired": {"a": ["b"]}}, [{"a": 1, "b": 1}, {}], [{"a": 1}]),
    ({"properties": {"a": {"enum": [{"$ref": "as it is"}]}}}, [{"a": {"$ref": "as it is"}}], [{"a": 1}]),
    ({"type": "string", "format": "date-time"}, ["2020-01-01T00:00:00Z"], ["x"]),
    ({"type": "string", "pattern": "^a$"}, ["a"], ["a\n"]),
]
CASES = [("3.0.3", *case) for case in SCHEMAS_30] + [("3.1.0", *case) for case in SCHEMAS_31]


@pytest.mark.parametrize(("version", "schema", "right", "wrong"), CASES, ids=str)
def test_both_validators_judge_each_keyword_correctly(
    version: str, schema: dict[str, Any], right: list[Json], wrong: list[Json]
) -> None:
    document = a_document(schema, version=version, components=COMPONENTS)
    thing, authority = the_thing(document), Authority(document)
    for value in right:
        assert thing.accepts_body(value), value
        assert failures_of(schema, document, "request", value) == []
        assert thing.body_violations(value) == ()
        assert authority.request_violations(thing, value) == (), value
        assert thing.response_violations(200, "application/json", value) == ()
        assert authority.response_violations(thing, 200, "application/json", value) == (), value
    for value in wrong:
        assert not thing.accepts_body(value), value
        assert failures_of(schema, document, "request", value)
        assert authority.request_violations(thing, value), value
        assert thing.body_violations(value), value
        assert thing.response_violations(200, "application/json", value), value
        assert authority.response_violations(thing, 200, "application/json", value), value


# The standard gives null to a type only; every generator means these too, and openapi-core goes by the standard.
NULLABLE = [
    ({"$ref": "#/components/schemas/Short", "nullable": True}, ["ab", None], ["abc"]),
    ({"allOf": [{"$ref": "#/components/schemas/Short"}], "nullable": True}, ["ab", None], ["abc"]),
    ({"type": "string", "allOf": [{"$ref": "#/components/schemas/Short"}], "nullable": True}, ["ab", None], ["abc", 1]),
    ({"oneOf": [{"type": "integer"}, {"type": "string"}], "nullable": True}, [1, "a", None], [True]),
    ({"anyOf": [{"type": "integer"}], "nullable": False}, [1], [None]),
    ({"properties": {"a": {"$ref": "#/components/schemas/Short", "nullable": True}}}, [{"a": None}], [{"a": 1}]),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), NULLABLE)
def test_nullable_beside_a_composition_takes_null(schema: Any, right: list[Any], wrong: list[Any]) -> None:
    thing = the_thing(a_document(schema, components=COMPONENTS))
    assert [thing.accepts_body(value) for value in right] == [True] * len(right)
    assert [thing.accepts_body(value) for value in wrong] == [False] * len(wrong)


@pytest.mark.parametrize(
    ("body", "as_request", "as_response"),
    [
        ({"id": 1, "secret": 2}, False, False),
        ({"id": 1}, False, True),
        ({"secret": 2}, True, False),
        ({}, False, False),
    ],
)
def test_read_only_and_write_only_members_have_one_direction(body: Json, as_request: bool, as_response: bool) -> None:
    properties = {"id": {"type": "integer", "readOnly": True}, "secret": {"type": "integer", "writeOnly": True}}
    document = a_document({"type": "object", "properties": properties, "required": ["id", "secret"]})
    thing, authority = the_thing(document), Authority(document)
    assert (thing.accepts_body(body), not authority.request_violations(thing, body)) == (as_request, as_request)
    answers = thing.response_violations(200, "application/json", body)
    explained = authority.response_violations(thing, 200, "application/json", body)
    assert (not answers, not explained) == (as_response, as_response)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_read_only_and_write_only_apply_to_members_only(version: str) -> None:
    named = {"N": {"type": "integer", "readOnly": True, "writeOnly": True}}
    for schema, value in (({"$ref": "#/components/schemas/N"}, 1), ({"type": "array", "items": named["N"]}, [1])):
        document = a_document(schema, version=version, components={"schemas": named})
        document["paths"]["/thing"]["post"]["parameters"] = [{"name": "n", "in": "query", "schema": named["N"]}]
        thing = the_thing(document)
        assert thing.body_violations(value) == ()
        assert thing.response_violations(200, "application/json", value) == ()
        assert thing.parameters("n=1") == ({"n": 1}, ())
        assert thing.parameters("n=x")[1]


@pytest.mark.parametrize("schema", [{"type": "strin"}, {"pattern": "("}, {"minimum": "1"}, {"required": [1]}])
def test_invalid_schema_accepts_every_value_with_a_warning(
    schema: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert the_thing(a_document(schema)).body_violations("anything") == ()
    assert "every value passes it" in caplog.text


def test_value_that_openapi_core_fails_on_is_explained() -> None:
    # openapi-core looks up the discriminator's value without checking that it is hashable
    part = {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}
    schema = {"oneOf": [part], "discriminator": {"propertyName": "kind"}}
    thing = the_thing(a_document(schema, version="3.0.3"))
    assert thing.body_violations({"kind": {}})
    assert thing.response_violations(200, "application/json", {"kind": {}})


def test_value_that_openapi_core_overlooks_is_refused_and_explained() -> None:
    schema = {"$ref": "#/components/schemas/Short", "minLength": 1}
    document = a_document(schema, version="3.1.0", components=COMPONENTS)
    thing = the_thing(document)
    assert Authority(document).request_violations(thing, "") == ()
    (violation,) = thing.body_violations("")
    assert violation.message == 'the body is ""; text that is not empty is needed'
    assert thing.response_violations(200, "application/json", "") == (violation,)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_forbidden_member_is_not_reported_as_missing(version: str) -> None:
    properties = {"id": {"$ref": "#/components/schemas/Id"}, "name": {"type": "string"}}
    schema = {"type": "object", "required": ["id", "name"], "properties": properties}
    ids = {"Id": {"type": "integer", "readOnly": True}}
    thing = the_thing(a_document(schema, version=version, components={"schemas": ids}))
    assert thing.body_violations({"name": "x"}) == ()
    assert [each.message for each in thing.body_violations({})] == ["name is missing; it is required"]
    assert [each.pointer for each in thing.body_violations({"name": 5})] == ["/name"]


@pytest.mark.parametrize("trigger", ["name", "id", "description", "example", "x-kind", "$ref"])
def test_member_that_needs_another_may_have_the_name_of_a_keyword(trigger: str) -> None:
    properties = {"number": {"type": "integer", "readOnly": True}}
    needed = {trigger: ["title", "number"], "default": ["x"]}
    thing = the_thing(a_document({"properties": properties, "dependentRequired": needed}, version="3.1.0"))
    assert [each.message for each in thing.body_violations({trigger: 1})] == [f"title is missing; {trigger} needs it"]
    assert thing.body_violations({trigger: 1, "title": 2}) == ()
    assert len(thing.response_violations(200, "application/json", {trigger: 1, "title": 2})) == 1
