"""Repairs of the objects of OpenAPI other than schemas, each with its one possible meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockserver.contract.contract import METHODS
from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt
from mockserver.contract.loading.repairing.grammar import OBJECTS
from mockserver.contract.loading.repairing.security import repair_flow, repair_requirement, repair_security_scheme

Rule = Callable[[Node, Changes, bool], None]

_STATUS: Final = re.compile(r"[1-5](?:[0-9][0-9]|XX)")
_STYLES: Final = {
    "path": ("matrix", "label", "simple"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
_ENCODING_STYLES: Final = _STYLES["query"]


def _repair_document(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    if node.value.get("info", "") is None:
        changes.drop(Node(node.value, "info", (node.path, "info"), "info"), "info is empty; it is ignored")


def _repair_paths(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    for name in list(node.value):
        if name.startswith(("/", "x-")):
            continue
        path = "/" + name.partition("://")[2].partition("/")[2] if "://" in name else f"/{name}"
        _rename(node, name, path, changes, f"a path starts with /; {path} is taken")


def _repair_path_item(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    for name in [name for name in node.value if name not in METHODS and name.lower() in METHODS]:
        _rename(node, name, name.lower(), changes, f"{name} is read as {name.lower()}")


def _repair_responses(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    for name in list(node.value):
        if node.value[name] is None and not name.startswith("x-"):
            changes.report((node.path, name), "the response is empty; one without a body is taken")
            node.value[name] = {"description": ""}
        if name == "default" or name.startswith("x-") or _STATUS.fullmatch(name):
            continue
        status = name.strip().upper()
        status = "default" if status == "DEFAULT" else status
        if status == "default" or _STATUS.fullmatch(status):
            _rename(node, name, status, changes, f"{name} is read as {status}")
        else:
            sentence = f"{name} is no status, such as 200, 2XX or default; the response is left out"
            changes.drop(Node(node.value, name, (node.path, name), "response"), sentence)


def _rename(node: Node, name: str, other: str, changes: Changes, sentence: str) -> None:
    members = node.value
    if other in members:
        changes.drop(Node(members, name, (node.path, name), ""), f"{other} stands there as well; {name} is left out")
        return
    changes.report((node.path, name), sentence)
    renamed = {other if each == name else each: value for each, value in members.items()}
    members.clear()
    members.update(renamed)


def _repair_operation(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    value = node.value
    if not isinstance(value.get("responses"), dict | type(None)):
        sentence = f"{excerpt(value['responses'])} is no mapping of responses; it is ignored"
        changes.drop(Node(value, "responses", (node.path, "responses"), "responses"), sentence)
    if not value.get("responses") and not is_reference(value.get("responses")):
        changes.report(node.path, "responses are missing; 204 without a body is taken")
        value["responses"] = {"204": {"description": ""}}


def is_reference(value: Any) -> bool:
    """The value is a mapping with a $ref."""
    return isinstance(value, Mapping) and isinstance(value.get("$ref"), str)


def _repair_parameter(node: Node, changes: Changes, is_30: bool) -> None:
    value, place = node.value, node.value.get("in")
    if isinstance(place, str) and place not in _STYLES and place.strip().lower() in _STYLES:
        changes.report((node.path, "in"), f"{place} is read as {place.strip().lower()}")
        value["in"] = place = place.strip().lower()
    if place is not None and (not isinstance(place, str) or place not in _STYLES):
        changes.drop(node, f"in: {excerpt(place)} is none of path, query, header and cookie; the parameter is left out")
        return
    _repair_collection_format(node, changes)
    if place == "path" and value.get("required") is not True:
        changes.report(node.path, "a parameter in the path needs required: true; it is taken as required")
        value["required"] = True
    style = value.get("style")
    if style is not None and place is not None and style not in _STYLES[place]:
        changes.drop(
            Node(value, "style", (node.path, "style"), "text"),
            f"style {excerpt(style)} has no meaning here; it is ignored",
        )
    _repair_value(node, changes, is_30)


_COLLECTION_FORMATS: Final = {
    "csv": {"style": "form", "explode": False},
    "multi": {"style": "form", "explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}


def _repair_collection_format(node: Node, changes: Changes) -> None:
    """Read collectionFormat of OpenAPI 2.0 as a style."""
    value = node.value
    given = value.get("collectionFormat")
    if value.get("in") != "query" or "style" in value or not isinstance(given, str) or given not in _COLLECTION_FORMATS:
        return
    taken = _COLLECTION_FORMATS[given]
    changes.report((node.path, "collectionFormat"), f"OpenAPI 3 has no collectionFormat; {excerpt(taken)} is taken")
    del value["collectionFormat"]
    value |= taken


def _repair_header(node: Node, changes: Changes, is_30: bool) -> None:
    style = node.value.get("style")
    if style is not None and style != "simple":
        changes.drop(
            Node(node.value, "style", (node.path, "style"), "text"),
            f"style {excerpt(style)} is not simple; it is ignored",
        )
    _repair_value(node, changes, is_30)


def _repair_value(node: Node, changes: Changes, is_30: bool) -> None:
    """Give a parameter or header one schema, or one content."""
    value, path = node.value, node.path
    content = value.get("content")
    if (
        "schema" in value
        and not isinstance(value["schema"], dict)
        and not (value["schema"] in (True, False) and not is_30)
    ):
        changes.drop(Node(value, "schema", (path, "schema"), "schema"), f"{excerpt(value['schema'])} is no schema")
    if "content" in value and (not isinstance(content, dict) or not content or "schema" in value):
        changes.drop(
            Node(value, "content", (path, "content"), ""), "content beside a schema or without a media type is ignored"
        )
    if "content" in value and isinstance(content, dict) and not is_reference(content):
        for name in list(content)[1:]:
            changes.drop(
                Node(content, name, ((path, "content"), name), ""), f"one media type is allowed; {name} is left out"
            )
        for name in ("style", "explode", "allowReserved", "example", "examples"):
            if name in value:
                changes.drop(
                    Node(value, name, (path, name), ""), f"{name} has no meaning beside content; it is ignored"
                )
    elif "schema" not in value:
        words = [name for name in value if name in OBJECTS["schema"] and name not in _NOT_IN_A_SCHEMA]
        schema = {name: value.pop(name) for name in words} or {"type": "string"}
        changes.report(path, f"schema and content are missing; the schema {excerpt(schema)} is taken")
        value["schema"] = schema
    _repair_examples(node, changes, is_30)


_NOT_IN_A_SCHEMA: Final = frozenset({"description", "required", "deprecated", "example", "examples", "title", "$ref"})


def _repair_examples(node: Node, changes: Changes, is_30: bool) -> None:
    value, examples = node.value, node.value.get("examples")
    if isinstance(examples, list):
        changes.report((node.path, "examples"), "examples is a mapping of names here; each item gets a name")
        value["examples"] = examples = {str(number): {"value": each} for number, each in enumerate(examples, start=1)}
    if not is_30 or "example" not in value or "examples" not in value:
        return
    changes.report(node.path, "example and examples exclude each other; the example is taken as the first of them")
    if isinstance(examples, dict) and not is_reference(examples):
        name = next(each for each in ("example", "first", "-", "--") if each not in examples)
        value["examples"] = {name: {"value": value.pop("example")}, **examples}
    else:
        del value["examples"]


def _repair_example(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    if "dataValue" in node.value:
        _rename(node, "dataValue", "value", changes, "OpenAPI 3.1 has no dataValue; it is read as value")
    if "value" in node.value and "externalValue" in node.value:
        place = (node.path, "externalValue")
        changes.drop(Node(node.value, "externalValue", place, "text"), "externalValue beside value is ignored")


def _repair_encoding(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    style = node.value.get("style")
    if style is not None and style not in _ENCODING_STYLES:
        changes.drop(
            Node(node.value, "style", (node.path, "style"), "text"),
            f"style {excerpt(style)} has no meaning here; it is ignored",
        )


def _repair_body(node: Node, changes: Changes, is_30: bool) -> None:
    """Read a schema in the place of the content, as OpenAPI 2.0 has it, as that of JSON."""
    del is_30
    value = node.value
    if "content" not in value and isinstance(value.get("schema"), dict):
        changes.report((node.path, "schema"), "a schema stands in content; it is taken for application/json")
        value["content"] = {"application/json": {"schema": value.pop("schema")}}


def _repair_link(node: Node, changes: Changes, is_30: bool) -> None:
    del is_30
    if "operationId" in node.value and "operationRef" in node.value:
        place = (node.path, "operationRef")
        changes.drop(Node(node.value, "operationRef", place, "text"), "operationRef beside operationId is ignored")


RULES: Final[Mapping[str, Rule]] = {
    "document": _repair_document,
    "paths": _repair_paths,
    "path_item": _repair_path_item,
    "responses": _repair_responses,
    "operation": _repair_operation,
    "parameter": _repair_parameter,
    "header": _repair_header,
    "media_type": _repair_examples,
    "encoding": _repair_encoding,
    "example": _repair_example,
    "request_body": _repair_body,
    "response": _repair_body,
    "link": _repair_link,
    "security_scheme": repair_security_scheme,
    "flow": repair_flow,
    "requirement": repair_requirement,
}
