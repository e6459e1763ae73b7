"""References to files in the document's own folder are followed, and no others."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from mockserver.contract import Contract, ContractError, load
from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.responses import MockedResponses
from tests.contract.builders import a_file, operation_of

ROOT = """openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /things: {$ref: paths/things.yaml}
  /names:
    get: {responses: {200: {$ref: 'common.yaml#/responses/Name'}}}
components:
  schemas:
    Name: {type: string, minLength: 2}
"""
THINGS = """get:
  responses:
    200:
      description: things
      content: {application/json: {schema: {$ref: '../schemas.json#/Thing'}}}
"""
SCHEMAS = """{
  "Thing": {"type": "object", "required": ["name"], "properties": {
    "name": {"$ref": "root.yaml#/components/schemas/Name"},
    "parts": {"type": "array", "items": {"$ref": "#/Thing"}},
    "$ref": {"type": "string"}
  }, "example": {"$ref": "no reference"}}
}"""
COMMON = """responses:
  Name: {description: a name, content: {application/json: {schema: {$ref: 'root.yaml#/components/schemas/Name'}}}}
"""


def a_folder(folder: Path, **changed: str) -> Path:
    """A document of four files; the path of the root file."""
    (folder / "paths").mkdir(exist_ok=True)
    a_file(folder, changed.get("things", THINGS), "paths/things.yaml")
    a_file(folder, changed.get("schemas", SCHEMAS), "schemas.json")
    a_file(folder, changed.get("common", COMMON), "common.yaml")
    return a_file(folder, changed.get("root", ROOT), "root.yaml")


def codes(contract: Contract, path: str, body: object) -> list[tuple[str, str]]:
    """The violations of a response."""
    item = contract.path(path)
    operation = item.operation("GET") if item else None
    assert operation is not None
    violations = operation.response_violations(200, "application/json", body)  # type: ignore[arg-type]  # JSON of a test
    return [(violation.pointer, violation.code) for violation in violations]


def test_referenced_files_become_part_of_the_document(tmp_path: Path) -> None:
    contract, _ = load(spec=a_folder(tmp_path))
    assert codes(contract, "/things", {"name": "ab", "parts": [{"name": "cd", "$ref": "x"}]}) == []
    assert codes(contract, "/things", {"name": "a"}) == [("/name", "minLength")]
    assert codes(contract, "/things", {"name": "ab", "parts": [{}]}) == [("/parts/0", "required")]
    assert codes(contract, "/names", "a") == [("", "minLength")]


def deviation(spec: Path) -> str:
    """The deviation of a document that has one."""
    (found,) = load(spec=spec)[0].deviations
    return found


MAPS = {
    "a definition": "definitions: {enum: {$ref: schemas.json#/Thing}}, allOf: [{$ref: '#/MAP/definitions/enum'}]",
    "a dependent schema": "dependentSchemas: {default: {$ref: schemas.json#/Thing}}",
    "a property": "properties: {default: {$ref: schemas.json#/Thing}}, required: [name]",
}


@pytest.mark.parametrize("schema", MAPS.values(), ids=MAPS)
def test_references_behind_names_that_equal_keywords_are_followed(schema: str, tmp_path: Path) -> None:
    schema = schema.replace("MAP", "components/schemas/Map")
    text = f"""openapi: 3.1.0
info: {{title: t, version: '1'}}
paths:
  /a:
    get:
      responses:
        200: {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Map'}}}}}}}}
components: {{schemas: {{Map: {{{schema}}}, Name: {{}}}}}}
"""
    contract, _ = load(spec=a_folder(tmp_path, root=text))
    assert contract.deviations == ()
    assert codes(contract, "/a", {"name": "a", "default": {"name": "b"}}) == []
    assert codes(contract, "/a", {"default": {}}) != []


def test_error_in_a_referenced_file_names_that_file(tmp_path: Path) -> None:
    found = deviation(a_folder(tmp_path, schemas=SCHEMAS.replace("#/Thing", "#/Think")))
    assert re.search(r"schemas\.json:4 at /Thing/properties/parts/items/\$ref: .*refers to nothing", found)
    found = deviation(
        a_folder(tmp_path, schemas=SCHEMAS.replace('"$ref": {"type": "string"}', '"a": {"type": "strin"}'))
    )
    assert re.search(r'schemas\.json:5 at /Thing/properties/a/type: the type "strin" is not one of', found)
    found = deviation(a_folder(tmp_path, things="get:\n\tx"))
    assert re.search(r"root\.yaml:4 at /paths/~1things/\$ref: .*things\.yaml:2: is no YAML", found)
    spec = a_folder(tmp_path, root=ROOT.replace("Name:", "Nome:"))
    found = "\n".join(load(spec=spec)[0].deviations)
    assert re.search(r"common\.yaml:2 at /responses/Name/.*refers to nothing", found)


def test_change_of_a_referenced_file_invalidates_the_cache(tmp_path: Path) -> None:
    load(spec=a_folder(tmp_path))
    contract, _ = load(spec=a_folder(tmp_path, root=ROOT.replace("minLength: 2", "minLength: 1")))
    assert codes(contract, "/names", "a") == []
    contract, _ = load(
        spec=a_folder(tmp_path, common=COMMON.replace("root.yaml#/components/schemas/Name", "schemas.json#/Thing"))
    )
    assert codes(contract, "/names", "a") == [("", "type")]


def test_circular_file_references_are_read_once(tmp_path: Path) -> None:
    a_file(tmp_path, '{"B": {"type": "object", "properties": {"a": {"$ref": "a.json#/A"}}}}', "b.json")
    a_file(tmp_path, '{"A": {"type": "object", "properties": {"b": {"$ref": "b.json#/B"}}}}', "a.json")
    root = ROOT.replace("paths/things.yaml", "item.yaml").replace(
        "common.yaml#/responses/Name", "#/components/responses/R"
    )
    root += "  responses:\n    R: {description: r, content: {application/json: {schema: {$ref: 'a.json#/A'}}}}\n"
    a_file(tmp_path, "get: {responses: {204: {description: nothing}}}", "item.yaml")
    contract, _ = load(spec=a_file(tmp_path, root, "root.yaml"))
    assert codes(contract, "/names", {"b": {"a": {"b": 1}}}) == [("/b/a/b", "type")]


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ("../outside.yaml", "leaves the document's folder"),
        ("paths/../../outside.yaml", "leaves the document's folder"),
        ("%2e%2e/outside.yaml", "leaves the document's folder"),
        ("link.yaml", "leaves the document's folder"),
        ("folder-link/outside.yaml", "leaves the document's folder"),
        ("https://a.example/x.yaml#/a", "nothing is fetched"),
        ("//a.example/x.yaml", "nothing is fetched"),
        ("\\\\\\\\a.example\\\\x.yaml", "nothing is fetched"),
        ("FILE:outside.yaml", "nothing is fetched"),
        ("paths", "can't be read"),
        ("pipe.yaml", "no regular file"),
        ("nowhere.yaml", "can't be read"),
    ],
)
def test_reference_outside_of_the_folder_costs_its_path_and_is_not_fetched(
    ref: str, reason: str, tmp_path: Path
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    a_file(tmp_path, "SECRET: {type: string}", "outside.yaml")
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (inside / "folder-link").symlink_to(tmp_path)
    os.mkfifo(inside / "pipe.yaml")
    spec = a_folder(inside, root=ROOT.replace("{$ref: paths/things.yaml}", f'{{$ref: "{ref}"}}'))
    found = deviation(spec)
    assert found.startswith(f"{spec}:4 at /paths/~1things/$ref: ")
    assert reason in found
    assert "SECRET" not in found
    contract, _ = load(spec=spec)
    assert contract.path("/things") is None
    assert codes(contract, "/names", "a") == [("", "minLength")]


def test_document_that_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ContractError, match="no regular file"):
        load(spec=tmp_path / "pipe.yaml")
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(70 * 1024 * 1024)
    with pytest.raises(ContractError, match="at most"):
        load(spec=huge)


def test_named_examples_in_other_files_are_read(tmp_path: Path) -> None:
    a_file(tmp_path, '{"value": {"n": 9}}', "example.json")
    a_file(tmp_path, "n: 8\n", "plain.yaml")
    examples = {
        "file": {"$ref": "example.json"},
        "component": {"$ref": "#/components/examples/X"},
        "external": {"externalValue": "plain.yaml"},
        "nowhere": {"$ref": "#/components/examples/Nope"},
        "remote": {"externalValue": "https://example.com/a.json"},
    }
    content = {"application/json": {"examples": examples}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}},
        "components": {"examples": {"X": {"$ref": "example.json"}}},
    }
    contract, _ = load(spec=a_file(tmp_path, json.dumps(document), "openapi.json"))
    answers = MockedResponses(operation_of(contract, "GET", "/a"))
    for name, value in (("file", {"n": 9}), ("component", {"n": 9}), ("external", {"n": 8})):
        assert answers.make(Preferences(example=name)).value == value
    assert answers.make(Preferences()).notes == ("the example remote was not read: https://example.com/a.json",)
    [deviation] = contract.deviations
    assert "$ref #/components/examples/Nope refers to nothing; the example is left out" in deviation
