"""Faults in schemas get their one possible meaning, or cost the keyword alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.loading.repairing.documents import VERSIONS, accepts, served, with_schema

FAULTS: dict[str, tuple[str, Any, Any, str]] = {
    "a name required twice": (
        *("{type: object, required: [id, name, id]}", {"id": 1, "name": 1}, {"id": 1}),
        '/required/2: "id" is repeated',
    ),
    "a value of an enum twice": ("{enum: [a, a, b], title: 5}", "a", "c", "/enum/1: "),
    "an empty enum": ("{type: string, enum: []}", "a", 1, "enum is empty"),
    "an empty oneOf": ("{type: string, oneOf: []}", "a", 1, "oneOf is empty"),
    "a required property": (
        *("{type: object, properties: {a: {type: string, required: true}}}", {"a": "x"}, {}),
        "/properties/a/required: required is a list",
    ),
    "a required property in text": (
        *("{type: object, properties: {a: {required: 'true'}, b: {required: 'false'}}}", {"a": 1}, {"b": 1}),
        "a is taken as required",
    ),
    "a required root": ("{type: string, required: true}", "a", 1, "true is ignored"),
    "a required name": ("{type: object, required: a}", {"a": 1}, {}, '["a"] is taken'),
    "an unknown type": ("{type: object, properties: {a: {type: any}}}", {"a": [1]}, 1, 'the type "any" is not one of'),
    "a type in another case": ("{type: String}", "a", 1, "is read as string"),
    "a type of another language": ("{type: int}", 1, "a", 'the type "int" is read as integer'),
    "a format for a type": ("{type: date}", "2030-01-01", "soon", "is read as string in the format date"),
    "a format for a type beside another": ("{type: float, format: double}", 1.5, "a", "is read as number"),
    "a schema that is a word": (
        "{type: object, additionalProperties: 'false', properties: {a: {}}}",
        *({"a": 1}, {"b": 1}, '"false" is not a schema; false is taken'),
    ),
    "one branch without its list": (
        "{title: 5, allOf: {type: object, required: [a]}}",
        *({"a": 1}, {}, "/allOf: "),
    ),
    "a pattern in slashes": ("{type: string, pattern: '/^ab?$/u'}", "a", "/a/", "it is read as '^ab?$'"),
    "a pattern in slashes with a flag": (
        "{type: string, pattern: '/^ab?$/i'}",
        "AB",
        "x",
        "it is read as '(?i:^ab?$)'",
    ),
    "a list with an empty type": ("{type: [string, null]}", None, 1, '["string", null]'),
    "a length in text": ("{type: string, minLength: '3'}", "abc", "ab", "/minLength: "),
    "a bound in text": ("{type: number, maximum: '1.5'}", 1.5, 2, "1.5 is taken"),
    "a bound in words": ("{type: number, maximum: abc}", 9, "x", '"abc" is not a number; it is ignored'),
    "a negative length": ("{type: string, maxLength: -1}", "abc", 1, "is not a whole number from 0"),
    "divisibleBy": ("{type: integer, divisibleBy: 3}", 6, 7, "is read as multipleOf"),
    "a multiple of nothing": ("{type: integer, multipleOf: 0}", 7, "x", "multipleOf 0 is not above 0"),
    "$recursiveAnchor": ("{$recursiveAnchor: true, type: string}", "a", 1, "another draft"),
    "$vocabulary": ("{$vocabulary: {a: true}, title: 1, type: string}", "a", 1, "another draft"),
    "a discriminator without a name": (
        "{type: object, discriminator: {mapping: {a: '#/a'}}, required: [a]}",
        *({"a": 1}, {}, "propertyName is missing; the discriminator is left out"),
    ),
    "xml with a type": ("{type: string, xml: {name: a, type: string}}", "a", 1, "type: OpenAPI has no such member"),
    "a list for xml": ("{type: string, xml: [a]}", "a", 1, '["a"] is not a mapping; it is ignored'),
    "documentation without an address": (
        *("{type: string, externalDocs: {description: a}}", "a", 1),
        "url is missing; the external docs is left out",
    ),
    "a broken pattern": ("{type: string, pattern: '['}", "abc", 1, "is not a valid regex"),
    "a text among branches": ("{anyOf: [text, {type: string}]}", "a", 1, '"text" is not a schema'),
    "a null among keywords": ("{type: array, items: }", [1], 1, "items is empty"),
    "properties in a list": ("{type: object, properties: [a]}", {"a": 1}, 1, "is not a mapping"),
    "a broken reference in a property": (
        *("{type: object, required: [b], properties: {a: {$ref: '#/nope'}}}", {"a": 1, "b": 1}, {"a": 1}),
        "/properties/a/$ref: $ref #/nope refers to nothing; every value passes in its place",
    ),
    "a remote reference": ("{type: array, items: {$ref: 'http://a.example/b'}}", [1], 1, "nothing is fetched"),
    "a reference with NUL": ('{type: array, items: {$ref: "a\\0b"}}', [1], 1, "is no path of a file"),
    "a reference that is a number": ("{type: array, items: {$ref: 5}}", [1], 1, "$ref is no text"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", FAULTS)
def test_fault_in_a_schema_is_repaired_and_reported(name: str, version: str, tmp_path: Path) -> None:
    schema, right, wrong, sentence = FAULTS[name]
    contract = served(tmp_path, with_schema(schema), version)
    assert accepts(contract, right)
    assert not accepts(contract, wrong)
    reported = "\n".join(contract.deviations)
    assert ":11 at /paths/~1a/get/responses/200/content/application~1json/schema/" in reported
    assert sentence in reported


IN_30: dict[str, tuple[str, Any, Any]] = {
    "a type with null": ("{type: [string, 'null']}", None, 1),
    "several types": ("{type: [string, integer]}", 1, None),
    "several types with null": ("{type: [string, integer, 'null']}", None, []),
    "one listed type": ("{type: [string]}", "a", None),
    "const": ("{const: a}", "a", "b"),
    "nullable in text": ("{type: string, nullable: 'true'}", None, 1),
    "a numeric bound": ("{type: integer, exclusiveMinimum: 3}", 4, 3),
    "listed items": ("{type: array, items: [{type: string}]}", ["a"], [1]),
    "a schema true": ("{type: object, properties: {a: true}}", {"a": 1}, 1),
    "an empty required": ("{type: object, required: []}", {}, 1),
}


@pytest.mark.parametrize("name", IN_30)
def test_word_of_a_later_draft_has_its_meaning_in_30(name: str, tmp_path: Path) -> None:
    schema, right, wrong = IN_30[name]
    contract = served(tmp_path, with_schema(schema))
    assert contract.deviations
    assert accepts(contract, right)
    assert not accepts(contract, wrong)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ("{type: object, dependencies: {a: [b], c: {required: [d]}}}", {"a": 1, "b": 1}, {"c": 1}),
        ("{type: array, items: [{type: string}], additionalItems: false}", ["a"], ["a", "b"]),
    ],
)
def test_word_of_an_earlier_draft_has_its_meaning_in_31(schema: str, right: Any, wrong: Any, tmp_path: Path) -> None:
    contract = served(tmp_path, with_schema(schema), "3.1.0")
    assert contract.deviations
    assert accepts(contract, right)
    assert not accepts(contract, wrong)


NULLABLE = {
    "a type": ("{type: string, nullable: true}", "a"),
    "several types": ("{type: [string, boolean], nullable: true}", "a"),
    "an enum": ("{type: string, enum: [a], nullable: true}", "a"),
    "an allOf": ("{title: one, nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}", "a"),
    "a reference": ("{nullable: true, $ref: '#/components/schemas/A'}", "a"),
}


@pytest.mark.parametrize("name", NULLABLE)
def test_nullable_has_its_meaning_of_30_in_31(name: str, tmp_path: Path) -> None:
    schema, right = NULLABLE[name]
    more = "components: {schemas: {A: {type: string}, B: {properties: {nullable: true}}}}\n"
    contract = served(tmp_path, with_schema(schema, more), "3.1.0")
    assert [accepts(contract, value) for value in (None, right, 1)] == [True, True, False]
    (deviation,) = contract.deviations
    assert "OpenAPI 3.1 has no nullable; its OpenAPI 3.0 meaning is used" in deviation


@pytest.mark.parametrize("version", VERSIONS)
def test_list_may_be_one_reference(version: str, tmp_path: Path) -> None:
    more = "components: {schemas: {A: {type: object, required: [a]}}}\n"
    contract = served(tmp_path, with_schema("{allOf: {$ref: '#/components/schemas/A'}}", more), version)
    assert accepts(contract, {"a": 1})
    assert not accepts(contract, {})
    assert "one of this $ref alone is taken" in contract.deviations[0]


@pytest.mark.parametrize("ref", ["#name", "https://a.example/thing", "https://a.example/thing#/properties/b"])
def test_reference_may_lead_to_an_anchor_or_an_id(ref: str, tmp_path: Path) -> None:
    properties = "properties: {b: {type: string}}, type: string"
    more = f"components: {{schemas: {{A: {{$anchor: name, $id: 'https://a.example/thing', {properties}}}}}}}\n"
    contract = served(tmp_path, with_schema(f"{{$ref: '{ref}'}}", more), "3.1.0")
    assert accepts(contract, "a")
    assert not accepts(contract, 1)
    assert f"{ref} is read as #/components/schemas/A" in contract.deviations[0]


def test_anchor_of_two_schemas_is_not_followed(tmp_path: Path) -> None:
    more = "components: {schemas: {A: {$anchor: name, type: string}, B: {$anchor: name}}}\n"
    contract = served(tmp_path, with_schema("{$ref: '#name'}", more), "3.1.0")
    assert accepts(contract, 1)
    assert "names an anchor" in contract.deviations[0]


@pytest.mark.parametrize("words", ["{$recursiveRef: '#'}", "{$dynamicRef: '#node'}"])
def test_recursive_reference_leads_to_its_schema(words: str, tmp_path: Path) -> None:
    tree = f"{{$dynamicAnchor: node, type: object, properties: {{c: {{type: array, items: {words}}}}}}}"
    more = f"components: {{schemas: {{Tree: {tree}}}}}\n"
    contract = served(tmp_path, with_schema("{$ref: '#/components/schemas/Tree'}", more), "3.1.0")
    assert accepts(contract, {"c": [{"c": []}]})
    assert not accepts(contract, {"c": [{"c": 1}]})


@pytest.mark.parametrize("name", ["Page[Item]", "a/b", "My Thing", "Map<K,V>"])
@pytest.mark.parametrize("version", VERSIONS)
def test_component_may_have_any_name(name: str, version: str, tmp_path: Path) -> None:
    more = f"components: {{schemas: {{'{name}': {{type: string, title: 5}}}}}}\n"
    contract = served(tmp_path, with_schema(f"{{$ref: '#/components/schemas/{name}'}}", more), version)
    assert accepts(contract, "a")
    assert not accepts(contract, 1)


@pytest.mark.parametrize("version", VERSIONS)
def test_member_that_references_point_at_is_kept(version: str, tmp_path: Path) -> None:
    more = "definitions: {A: {type: string, minLength: '2'}}\n"
    contract = served(tmp_path, with_schema("{$ref: '#/definitions/A'}", more), version)
    assert accepts(contract, "ab")
    assert not accepts(contract, "a")


DEFINED: dict[str, tuple[str, str]] = {
    "in the schema itself": ("{$defs: {A: STRING}, allOf: [{$ref: '#/$defs/A'}]}", ""),
    "in a schema around it": ("{definitions: {A: {anyOf: [{$ref: '#/definitions/B'}]}, B: STRING}, REF}", ""),
    "in the nearest schema": ("{$defs: {A: {}}, allOf: [{$defs: {A: STRING}, allOf: [{$ref: '#/$defs/A'}]}]}", ""),
    "in a component": ("{REF2}", "components: {schemas: {C: {$defs: {A: STRING}, allOf: [{$ref: '#/$defs/A'}]}}}\n"),
    "as a component": ("{REF}", "components: {schemas: {A: STRING}}\n"),
    "as a component, by its name": ("{$ref: A}", "components: {schemas: {A: STRING}}\n"),
    "as a component, in short": ("{$ref: '#/schemas/A'}", "components: {schemas: {A: STRING}}\n"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", DEFINED)
def test_reference_may_begin_at_a_schema_around_it(name: str, version: str, tmp_path: Path) -> None:
    schema, more = DEFINED[name]
    schema = schema.replace("REF2", "$ref: '#/components/schemas/C'").replace(
        "REF", "allOf: [{$ref: '#/definitions/A'}]"
    )
    schema, more = (text.replace("STRING", "{type: string}") for text in (schema, more))
    contract = served(tmp_path, with_schema(schema, more), version)
    assert accepts(contract, "a")
    assert not accepts(contract, 1)
    assert any("A is read as #/" in each for each in contract.deviations)


@pytest.mark.parametrize("version", VERSIONS)
def test_circle_of_references_lets_every_value_pass(version: str, tmp_path: Path) -> None:
    more = "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}\n"
    contract = served(tmp_path, with_schema("{$ref: '#/components/schemas/A'}", more), version)
    assert accepts(contract, 1)
    assert "refers to itself" in contract.deviations[0]
