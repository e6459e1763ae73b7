"""Faults in operations, components and maps cost the smallest part that contains them."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from mockserver.contract import ContractError, load
from tests.contract.builders import a_file
from tests.contract.loading.repairing.documents import (
    HEAD,
    OK,
    VERSIONS,
    accepts,
    an_operation,
    of_paths,
    served,
    with_schema,
)

FAULTS = {
    "an empty schema": ("/a: {get: {RESPONSES}}", "components: {schemas: {A: }}", "null is not a schema"),
    "a text for a schema": ("/a: {get: {RESPONSES}}", "components: {schemas: {A: text}}", '"text" is not a schema'),
    "a parameter without a place": (
        *("/a: {get: {RESPONSES}}", "components: {parameters: {P: {name: a}}}"),
        "in is missing; the parameter is left out",
    ),
    "an unknown component": ("/a: {get: {RESPONSES}}", "components: {foo: {a: 1}}", "foo: OpenAPI has no such member"),
    "tags twice": ("/a: {get: {RESPONSES}}", "tags: [{name: a}, {name: a}, b]", "/tags/1: "),
    "security twice": ("/a: {get: {security: [{a: []}, {a: []}], summary: 5, RESPONSES}}", "", "/security/1: "),
    "security in words": ("/a: {get: {security: [a], RESPONSES}}", "", '{"a": []} is taken'),
    "a body without content": (
        *("/a: {get: {RESPONSES}, post: {requestBody: {required: true}, RESPONSES}}", ""),
        "content is missing; the request body is left out",
    ),
    "an unknown parameter": (
        *("/a: {get: {parameters: [{$ref: '#/components/parameters/No'}], RESPONSES}}", ""),
        "refers to nothing; the parameter is left out",
    ),
    "a schema for a parameter": (
        "/a: {get: {parameters: [{$ref: '#/components/schemas/A'}], RESPONSES}}",
        *("components: {schemas: {A: {type: string}}}", "/A leads to no parameter; the parameter is left out"),
    ),
    "a schema for a body": (
        "/a: {get: {RESPONSES}, post: {requestBody: {$ref: '#/components/schemas/A'}, RESPONSES}}",
        *("components: {schemas: {A: {type: string}}}", "/A leads to no request body; the request body is left out"),
    ),
    "a parameter of a body": (
        *("/a: {get: {parameters: [{name: a, in: body, schema: {}}], RESPONSES}}", ""),
        '"body" is none of path, query, header and cookie',
    ),
    "a parameter twice": (
        "/a: {get: {parameters: [{name: q, in: query, schema: {}}, {name: q, in: query, schema: {type: string}}], "
        "RESPONSES}}",
        *("", "the query parameter q is repeated"),
    ),
    "a parameter for no variable": (
        *("/a: {get: {parameters: [{name: x, in: path, required: true, schema: {}}], RESPONSES}}", ""),
        "/a has no {x}; the parameter is left out",
    ),
    "a parameter that is no header": (
        *("/a: {get: {parameters: [{name: X Y, in: header, schema: {}}], RESPONSES}}", ""),
        "'X Y' is no name of a header",
    ),
    "a header that is none": (
        "/a: {get: {responses: {'200': {description: ok, headers: {'X Y': {schema: {type: string}}}}}}}",
        *("", "'X Y' is no name of a header; it is left out"),
    ),
    "a header without a schema": (
        "/a: {get: {responses: {'200': {description: ok, headers: {X-Y: {description: none}}}}}}",
        *("", "schema and content are missing"),
    ),
    "a status that is none": (
        *("/a: {get: {responses: {'200': {description: ok}, fine: {description: no}}}}", ""),
        "fine is no status",
    ),
    "an empty response": (
        *("/a: {get: {responses: {'200': }}}", ""),
        "/responses/200: the response is empty; one without a body is taken",
    ),
    "an operationId of two operations": (
        "/a: {get: {operationId: x, RESPONSES}, put: {operationId: x, RESPONSES}}",
        *("", "put/operationId: the operationId x is repeated; the first operation has it"),
    ),
    "a security scheme in a place in capitals": (
        "/a: {get: {security: [{k: []}], RESPONSES}}",
        *("components: {securitySchemes: {k: {type: apiKey, in: Header, name: X-K}}}", "Header is read as header"),
    ),
    "an example with two values": (
        "/a: {get: {responses: {'200': {content: {a/json: {examples: {x: {value: 1, externalValue: b}}}}}}}}",
        *("", "/examples/x/externalValue: externalValue beside value is ignored"),
    ),
    "one example in the place of all": (
        "/a: {get: {responses: {'200': {description: ok, content: {a/json: "
        "{examples: {$ref: '#/components/examples/X'}}}}}}}",
        *("components: {examples: {X: {value: {id: 9}}}}", "X is taken for the name of #/components/examples/X"),
    ),
    "a method in capitals": ("/a: {GET: {RESPONSES}}", "", "GET is read as get"),
    "a list of items in one text": (
        "/a: {get: {parameters: [{name: q, in: query, type: array, collectionFormat: csv}], RESPONSES}}",
        *("", '{"style": "form", "explode": false} is taken'),
    ),
    "an unknown security scheme": (
        *("/a: {get: {security: [{none: []}], RESPONSES}}", ""),
        "/security/0/none: the document declares no security scheme none; every request passes it",
    ),
    "a media type that is none": (
        "/a: {get: {responses: {'200': {description: ok, content: {json: {}, '*/*': {}}}}}}",
        *("", "'json' is no media type, such as application/json; it is left out"),
    ),
    "a boolean of YAML 1.1": (
        *("/a: {get: {parameters: [{name: q, in: query, required: no, schema: {}}], RESPONSES}}", ""),
        '"no" is not true or false; false is taken',
    ),
    "a path that is none": ("/a: {get: {RESPONSES}}\n  /c: text", "", '"text" is not a mapping'),
    "a path without its slash": ("a: {get: {RESPONSES}}", "", "/a is taken"),
    "a reference for a path": ("/a: {get: {RESPONSES}}\n  /c: {$ref: no.yaml}", "", "the path item is left out"),
    "a reference for a description": ("/a: {get: {description: {$ref: a.md}, RESPONSES}}", "", "a.md can't be read"),
    "example beside examples": (
        "/a: {get: {responses: {'200': {description: ok, content: {application/json: "
        "{example: 1, examples: {a: {value: 2}}, x-a: 1}}}, default: {}}}}",
        *("", "description is missing"),
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", FAULTS)
def test_fault_costs_only_its_part_and_is_reported(name: str, version: str, tmp_path: Path) -> None:
    paths, more, sentence = FAULTS[name]
    contract = served(tmp_path, of_paths(paths.replace("RESPONSES", OK), more), version)
    assert an_operation(contract)
    assert any(sentence in deviation for deviation in contract.deviations)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("responses", ["{}", "{responses: {}}", "{responses: null}", "{summary: no}"])
def test_operation_without_responses_answers_without_a_body(responses: str, version: str, tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a: {{get: {responses}}}"), version)
    assert list(an_operation(contract).responses) == ["204"]
    assert "responses are missing" in contract.deviations[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_status_has_any_case(version: str, tmp_path: Path) -> None:
    responses = "{2xx: {description: ok}, Default: {description: other}}"
    contract = served(tmp_path, of_paths(f"/a: {{get: {{responses: {responses}}}}}"), version)
    assert list(an_operation(contract).data["responses"]) == ["2XX", "default"]


@pytest.mark.parametrize("version", VERSIONS)
def test_variable_of_a_path_is_declared_and_required(version: str, tmp_path: Path) -> None:
    parameters = "[{name: x, in: Path, schema: {type: integer}}]"
    contract = served(tmp_path, of_paths(f"/a/{{x}}/{{y}}: {{get: {{parameters: {parameters}, {OK}}}}}"), version)
    values, violations = an_operation(contract, "/a/1/b").parameters(path="/a/1/b")
    assert (values, violations) == ({"x": 1, "y": "b"}, ())
    assert len(an_operation(contract, "/a/1/b").parameters(path="/a/c/b")[1]) == 1
    assert any("no parameter is declared for {y} in the path" in each for each in contract.deviations)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", ["/a/{ x }/b", "/a/:x/b"])
def test_variable_may_be_spelled_otherwise(path: str, version: str, tmp_path: Path) -> None:
    parameters = "[{name: x, in: path, required: true, schema: {type: integer}}]"
    contract = served(tmp_path, of_paths(f"'{path}': {{get: {{parameters: {parameters}, {OK}}}}}"), version)
    assert an_operation(contract, "/a/5/b").parameters(path="/a/5/b") == ({"x": 5}, ())
    assert contract.deviations[0].endswith("the path is read as /a/{x}/b")


def test_colon_without_a_parameter_stays(tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a/:x: {{get: {{{OK}}}}}"))
    assert contract.deviations == ()
    assert an_operation(contract, "/a/:x")


def test_unknown_security_scheme_admits_every_request(tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a: {{get: {{security: [{{none: []}}], {OK}}}}}"))
    assert an_operation(contract).security.admit([], "") == ""


def test_words_of_swagger_beside_a_parameter_are_its_schema(tmp_path: Path) -> None:
    parameters = "[{name: q, in: query, type: integer, minimum: 3}, {name: r, in: query}]"
    contract = served(tmp_path, of_paths(f"/a: {{get: {{parameters: {parameters}, {OK}}}}}"))
    assert an_operation(contract).parameters("q=3&r=x") == ({"q": 3, "r": "x"}, ())
    assert len(an_operation(contract).parameters("q=2")[1]) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_path_with_a_fragment_is_reachable(version: str, tmp_path: Path) -> None:
    paths = f"/a#one: {{get: {{{OK}}}}}\n  /a#two: {{put: {{{OK}}}}}\n  /a#three: {{get: {{{OK}}}}}"
    contract = served(tmp_path, of_paths(paths), version)
    assert an_operation(contract, method="GET")
    assert an_operation(contract, method="PUT")
    assert an_operation(contract, "/a#three")
    assert len(contract.deviations) == 3
    assert "use /a%23three" in contract.deviations[2]


def test_two_templates_of_one_path_are_reported(tmp_path: Path) -> None:
    parameters = "parameters: [{name: NAME, in: path, required: true, schema: {}}]"
    paths = "\n  ".join(f"/a/{{{x}}}: {{get: {{{OK}}}, {parameters.replace('NAME', x)}}}" for x in "xy")
    (deviation,) = load(spec=a_file(tmp_path, of_paths(paths).replace("VERSION", "3.0.3")))[0].deviations
    assert "/paths/~1a~1{y}: the path is the same as /a/{x}" in deviation


@pytest.mark.parametrize("version", VERSIONS)
def test_reference_in_the_place_of_a_map_is_followed(version: str, tmp_path: Path) -> None:
    a_file(tmp_path, "Thing: {type: object, properties: {$ref: members.yaml}}", "schemas.yaml")
    a_file(tmp_path, "id: {type: integer, minimum: '2'}", "members.yaml")
    more = "components: {schemas: {$ref: ./schemas.yaml}}\n"
    contract = served(tmp_path, with_schema("{$ref: '#/components/schemas/Thing'}", more), version)
    assert accepts(contract, {"id": 2})
    assert not accepts(contract, {"id": 1})
    assert any(f"{tmp_path}/members.yaml:1 at /id/minimum: " in each for each in contract.deviations)


@pytest.mark.parametrize("version", VERSIONS)
def test_reference_in_the_place_of_a_list_is_followed(version: str, tmp_path: Path) -> None:
    name = "{name: q, in: query, required: true, schema: {type: integer}}"
    paths = f"/a: {{get: {{parameters: {{$ref: '#/x-common/list'}}, {OK}}}}}"
    operation = an_operation(served(tmp_path, of_paths(paths, f"x-common: {{list: [{name}]}}"), version))
    assert operation.parameters(path="/a", query="q=1") == ({"q": 1}, ())
    assert len(operation.parameters(path="/a")[1]) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_path_may_refer_to_another_and_have_operations(version: str, tmp_path: Path) -> None:
    first = f"{{get: {{summary: one, {OK}}}, put: {{summary: one, {OK}}}}}"
    paths = f"/c: {first}\n  /a: {{$ref: '#/paths/~1c', put: {{summary: own, {OK}}}, post: {{{OK}}}}}"
    contract = served(tmp_path, of_paths(paths), version)
    assert (item := contract.path("/a")) is not None
    assert item.methods == ("GET", "PUT", "POST")
    assert (put := item.operation("PUT")) is not None
    assert put.data["summary"] == "own"
    (deviation,) = contract.deviations
    assert "/paths/~1a: put: #/paths/~1c has it as well; the one beside the $ref is taken" in deviation


@pytest.mark.parametrize("version", VERSIONS)
def test_reference_in_an_extension_is_a_value(version: str, tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a: {{get: {{{OK}}}}}", "x-topics: [{a: {$ref: no.md}}]"), version)
    assert contract.deviations == ()
    assert contract.document["x-topics"] == [{"a": {"$ref": "no.md"}}]


@pytest.mark.parametrize(
    ("given", "taken"), [("3.0", "3.0.4"), ("'3.0'", "3.0.4"), ("3.1", "3.1.1"), ("'3.1'", "3.1.1")]
)
def test_version_of_two_numbers_is_completed(given: str, taken: str, tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a: {{get: {{{OK}}}}}"), given)
    assert contract.document["openapi"] == taken
    assert f"is read as {taken}" in contract.deviations[0]


def test_swagger_is_refused_with_its_converters(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"Swagger 2\.0 .*npx swagger2openapi.*Swagger Editor"):
        load(spec=a_file(tmp_path, '{"swagger": "2.0", "info": {"title": "a\x80b"}, "paths": {}}', "a.json"))


def test_json_with_controls_has_lines(tmp_path: Path) -> None:
    text = (
        '{"openapi": "3.0.0", "info": {"title": "a\x80\x85b", "version": "1"},\n"paths": {"/a": {"get": {"responses": '
    )
    text += '{"200": {"description": "ok\u2028"}},\n"externalDocs": null}}}}'
    contract = served(tmp_path, text)
    assert contract.document["info"]["title"] == "a\x80\x85b"
    assert contract.deviations[0].startswith(f"{tmp_path}/file.yaml:3 at /paths/~1a/get/externalDocs: ")


def test_document_without_a_readable_operation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r":3 at /paths/~1a/get: "):
        load(spec=a_file(tmp_path, HEAD.replace("VERSION", "3.0.3") + "paths: {/a: {get: text}}"))


def test_thousands_of_faults_are_repaired_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        fault = "{get: {summary: 5, parameters: [{name: a, in: query}], responses: {2xx: {description: ok}}}}"
        paths = "".join(f"  /a{number}: {fault}\n" for number in range(count))
        file = a_file(tmp_path, HEAD.replace("VERSION", "3.0.3") + f"paths:\n{paths}", f"{count}.yaml")
        start = perf_counter()
        assert len(load(spec=file)[0].deviations) == 3 * count
        return perf_counter() - start

    assert seconds(1_000) < 8 * seconds(250) + 1


@pytest.mark.parametrize("version", VERSIONS)
def test_property_with_the_name_of_a_body_refers_to_a_schema(version: str, tmp_path: Path) -> None:
    schema = "{type: object, properties: {requestBody: {$ref: '#/components/schemas/A'}, parameters: {type: array}}}"
    content = f"content: {{application/json: {{schema: {schema}}}}}"
    paths = of_paths(
        f"/a: {{get: {{responses: {{'200': {{description: ok, {content}}}}}}}}}",
        "components: {schemas: {A: {type: string}}}",
    )
    assert served(tmp_path, paths, version).deviations == ()
