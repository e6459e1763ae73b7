"""The contract: its paths and its document."""

from __future__ import annotations

import json

from mockserver.contract import Contract, load

FOUND = {
    "/things/mine": "/things/mine",
    "/things/5": "/things/{id}",
    "/others/5": "/{a}/{b}",
    "/v.1/x.json": "/v.1/{id}.json",
    "/vx1/x.json": "/{a}/{b}",
    "/things/5/6": None,
    "/things": None,
}


def test_paths_and_methods_are_found() -> None:
    contract, _ = load()
    item = contract.path("/billing/checkout")
    assert item is not None
    assert (item.template, item.methods) == ("/billing/checkout", ("POST",))
    assert item.operation("GET") is None
    assert contract.path("/billing/checkout/") is None
    assert contract.path("/") is None


def test_literal_path_precedes_templates_with_few_and_many_variables() -> None:
    operation = {"get": {"responses": {"200": {"description": "ok"}}}}
    paths = {"/{a}/{b}": operation, "/things/{id}": operation, "/things/mine": operation, "/v.1/{id}.json": operation}
    contract = Contract({"openapi": "3.0.3", "paths": paths})
    found = {path: item and item.template for path in FOUND for item in [contract.path(path)]}
    assert found == FOUND


def test_document_is_equal_as_yaml_and_as_json() -> None:
    import yaml

    contract, _ = load()
    assert json.loads(contract.as_json()) == contract.document
    assert yaml.safe_load(contract.as_yaml()) == contract.document
    assert "&id" not in contract.as_yaml()
