"""The control API's own OpenAPI document. It comes with the product as a file; tests hold the mock to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from mockserver._version import __version__
from mockserver.contract import Contract, spec_folder
from mockserver.contract.loading.bundled import CONTROL_DOCUMENT

SCHEMA_FILES: Final = {"state.schema.json": "State", "coverage.schema.json": "Coverage"}
"""The schemas that are files of their own, with their names in the document."""


@cache
def control_contract() -> Contract:
    """The document with the product's version, in one piece. Read once, when a client first asks for it."""
    from mockserver.contract.loading.reading.source import read_bytes, read_source  # imports YAML

    file = spec_folder() / CONTROL_DOCUMENT
    document = read_source(file, read_bytes(file)).mapping("an OpenAPI document")
    components = document["components"]
    schemas = dict(components["schemas"])
    for file_name, name in SCHEMA_FILES.items():
        schemas |= _schemas_of(file_name, name)
    names = {file_name: f"#/components/schemas/{name}" for file_name, name in SCHEMA_FILES.items()}
    paths = _renamed(document["paths"], names)
    whole = {**document, "paths": paths, "components": {**components, "schemas": schemas}}
    return Contract({**whole, "info": {**document["info"], "version": __version__}})


def _schemas_of(file_name: str, name: str) -> dict[str, Any]:
    """The schema of a file and its parts, each under a name of its own."""
    schema = json.loads((spec_folder() / file_name).read_text("utf-8"))
    parts = schema.pop("$defs")
    names = {f"#/$defs/{part}": f"#/components/schemas/{name}.{part}" for part in parts}
    whole = {word: value for word, value in schema.items() if not word.startswith("$")}
    return {
        name: _renamed(whole, names),
        **{f"{name}.{part}": _renamed(value, names) for part, value in parts.items()},
    }


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with other targets of its references."""
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: names.get(each, each) if name == "$ref" else _renamed(each, names) for name, each in value.items()}
