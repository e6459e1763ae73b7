"""Faulty documents, and the document that is served in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from mockserver.contract import Contract, load
from mockserver.contract.operation import Operation
from tests.contract.builders import a_file

VERSIONS = ("3.0.3", "3.1.0")
HEAD = "openapi: VERSION\ninfo: {title: t, version: '1'}\n"
OK = "responses: {'200': {description: ok}}"
BESIDE = f"  /beside: {{get: {{{OK}}}}}\n"


def an_operation(contract: Contract, path: str = "/a", method: str = "GET") -> Operation:
    """The operation of a path."""
    operation = (item := contract.path(path)) and item.operation(method)
    assert operation
    return operation


def of_paths(paths: str, more: str = "") -> str:
    """A document with another path beside these."""
    return f"{HEAD}paths:\n{BESIDE}  {paths}\n{more}"


def served(folder: Path, text: str, version: str = "3.0.3") -> Contract:
    """The contract of a document; the repaired document is valid, and the operation beside the faulty one is there."""
    contract, _ = load(spec=a_file(folder, text.replace("VERSION", version)))
    document: Any = dict(contract.document)
    validator = OpenAPIV30SpecValidator if document["openapi"].startswith("3.0") else OpenAPIV31SpecValidator
    assert [error.message for error in validator(document).iter_errors()] == []
    if "/beside" in text:
        assert contract.path("/beside") is not None
    return contract


def with_schema(schema: str, more: str = "") -> str:
    """A document with the schema of a response in line 11."""
    return (
        HEAD
        + "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: ok\n          content:\n"
        f"            application/json:\n              schema: {schema}\n" + BESIDE + more
    )


def accepts(contract: Contract, value: Any) -> bool:
    """The response of the operation may be the value."""
    operation = (item := contract.path("/a")) and item.operation("GET")
    assert operation
    return not operation.response_violations(200, "application/json", value)
