"""The control API's own OpenAPI document. It comes with the product as a file; tests hold the mock to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from mockserver._version import __version__
from mockserver.contract import Contract, spec_folder
from mockserver.contract.loading.bundled import CONTROL_DOCUMENT

STATE_SCHEMA: Final = "state.schema.json"


@cache
def control_contract() -> Contract:
    """The document with the product's version, in one piece. Read once, when a client first asks for it."""
    from mockserver.contract.loading.reading.source import read_bytes, read_source  # imports YAML

    file = spec_folder() / CONTROL_DOCUMENT
    document = read_source(file, read_bytes(file)).mapping("an OpenAPI document")
    components = document["components"]
    schemas = {**components["schemas"], **_state_schemas()}
    paths = _renamed(document["paths"], {STATE_SCHEMA: "#/components/schemas/State"})
    whole = {**document, "paths": paths, "components": {**components, "schemas": schemas}}
    return Contract({**whole, "info": {**document["info"], "version": __version__}})


def _state_schemas() -> dict[str, Any]:
    """The schema of a state and its parts, each under a name of its own."""
    schema = json.loads((spec_folder() / STATE_SCHEMA).read_text("utf-8"))
    parts = schema.pop("$defs")
    names = {f"#/$defs/{name}": f"#/components/schemas/State.{name}" for name in parts}
    whole = {name: value for name, value in schema.items() if not name.startswith("$")}
    return {"State": _renamed(whole, names), **{f"State.{name}": _renamed(part, names) for name, part in parts.items()}}


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with other targets of its references."""
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: names.get(each, each) if name == "$ref" else _renamed(each, names) for name, each in value.items()}
