"""OpenAPI 3.2, read as 3.1."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract import ContractError
from tests.contract.loading.repairing.documents import OK, an_operation, of_paths, served

NEWS = """
openapi: 3.2.0
$self: https://api.example/openapi.yaml
info: {title: t, version: '1'}
servers: [{url: 'https://api.example', name: production}]
tags: [{name: one, summary: One, kind: nav, parent: two}, {name: two}]
paths:
  /a:
    query: {responses: {'200': {description: ok}}}
    additionalOperations: {COPY: {responses: {'200': {description: ok}}}}
    get:
      tags: [one]
      parameters:
        - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
        - {name: c, in: cookie, style: cookie, schema: {type: string}}
      responses:
        '200':
          summary: fine
          content:
            application/json: {$ref: '#/components/mediaTypes/Named'}
            application/jsonl: {itemSchema: {type: object}}
  /beside:
    post:
      requestBody: {content: {application/json: {schema: {
        oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, defaultMapping: Cat}}}}}
      responses: {'201': {description: made}}
components:
  mediaTypes:
    Named:
      schema: {$ref: '#/components/schemas/Cat'}
      examples: {one: {dataValue: {name: Tom}, serializedValue: '{}'}}
  schemas:
    Cat: {type: object, required: [name], properties: {name: {type: string, xml: {nodeType: attribute}}}}
"""
NEW_WORDS = """
    $self|name: OpenAPI has no such member|parent|query|additionalOperations|querystring|style "cookie"|itemSchema
    |summary|mediaTypes|serializedValue|defaultMapping|nodeType
"""


@pytest.mark.parametrize("version", ["3.2", "'3.2'", "3.2.0", "3.2.1-dev"])
def test_document_is_served_as_one_of_31(version: str, tmp_path: Path) -> None:
    contract = served(tmp_path, of_paths(f"/a: {{get: {{{OK}}}}}"), version)
    assert contract.document["openapi"] == "3.1.1"
    assert contract.deviations[0].endswith(f"the version {version.strip(chr(39))} is read as 3.1.1")


@pytest.mark.parametrize("given", ["4.0.0", "[" + "3," * 500 + "1]", "{a: " + "b" * 500 + "}"])
def test_unknown_version_is_named_in_short(given: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"OpenAPI 3\.0, 3\.1 or 3\.2 is needed; this one has openapi: ") as refused:
        served(tmp_path, of_paths(f"/a: {{get: {{{OK}}}}}"), given)
    assert len(str(refused.value)) < 100 + len(str(tmp_path)) + 100


def test_everything_new_is_left_out_and_named(tmp_path: Path) -> None:
    contract = served(tmp_path, NEWS)
    named = "\n".join(contract.deviations)
    assert [word for word in map(str.strip, NEW_WORDS.split("|")) if word not in named] == []
    assert [item.template for item in map(contract.path, ("/a", "/beside")) if item] == ["/a", "/beside"]


def test_data_of_an_example_is_its_value(tmp_path: Path) -> None:
    operation = an_operation(served(tmp_path, NEWS))
    media_type = operation.data["responses"]["200"]["content"]["application/json"]
    assert media_type["examples"]["one"]["value"] == {"name": "Tom"}
    assert operation.response_violations(200, "application/json", {"name": "Tom"}) == ()
    assert len(operation.response_violations(200, "application/json", {})) == 1
