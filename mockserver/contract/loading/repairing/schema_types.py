"""Repairs of a schema's `type`: names in another case, unknown names, lists in OpenAPI 3.0."""

from __future__ import annotations

from typing import Any, Final

from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt

NAMES: Final = ("array", "boolean", "integer", "number", "object", "string")
_SYNONYMS: Final[dict[str, tuple[str, str | None]]] = {
    **dict.fromkeys(("int", "long", "short"), ("integer", None)),
    **{"int32": ("integer", "int32"), "int64": ("integer", "int64")},
    **dict.fromkeys(("decimal", "numeric"), ("number", None)),
    **{"float": ("number", "float"), "double": ("number", "double"), "bool": ("boolean", None)},
    **dict.fromkeys(("str", "text"), ("string", None)),
    **{"date": ("string", "date"), "datetime": ("string", "date-time"), "date-time": ("string", "date-time")},
    **{"uuid": ("string", "uuid"), "email": ("string", "email"), "uri": ("string", "uri"), "url": ("string", "uri")},
    **{"file": ("string", "binary"), "binary": ("string", "binary"), "byte": ("string", "byte")},
    **{"list": ("array", None), "dict": ("object", None), "map": ("object", None)},
}
"""Names from formats, programming languages and OpenAPI 2.0, each with its type and format."""


def repair_type(node: Node, changes: Changes, *, is_30: bool) -> None:
    """Give a schema one known type, or in OpenAPI 3.1 a list of known types."""
    schema = node.value
    if "type" not in schema:
        return
    path, given = (node.path, "type"), schema["type"]
    if isinstance(given, list):
        _repair_list(node, changes, is_30=is_30)
        return
    name = _known(given)
    if name is None and (synonym := _SYNONYMS.get(given.strip().lower() if isinstance(given, str) else "")) is not None:
        _take_synonym(node, *synonym, changes)
    elif name is None:
        known = ", ".join((*NAMES, "null") if not is_30 else NAMES)
        reason = f"{excerpt(given)} is not one of {known}"
        changes.drop(Node(schema, "type", path, "any"), f"the type {reason}; a value of any type passes")
    elif name == "null" and is_30:
        changes.report(path, "OpenAPI 3.0 has no type null; the value null alone passes")
        del schema["type"]
        schema |= {"enum": [None], "nullable": True}
    elif name != given:
        changes.report(path, f"the type {excerpt(given)} is read as {name}")
        schema["type"] = name


def _take_synonym(node: Node, name: str, format_name: str | None, changes: Changes) -> None:
    schema = node.value
    taken = name if format_name is None or "format" in schema else f"{name} in the format {format_name}"
    changes.report((node.path, "type"), f"the type {excerpt(schema['type'])} is read as {taken}")
    schema["type"] = name
    if format_name is not None:
        schema.setdefault("format", format_name)


def _repair_list(node: Node, changes: Changes, *, is_30: bool) -> None:
    schema, path = node.value, (node.path, "type")
    given = schema["type"]
    names = list(dict.fromkeys("null" if each is None else _known(each) or "" for each in given))
    if "" in names or not names:
        reason = f"{excerpt(given)} has a name that is no type, or none"
        changes.drop(Node(schema, "type", path, "any"), f"{reason}; a value of any type passes")
    elif is_30:
        _spread(schema, names)
        changes.report(path, f"{excerpt(given)}: OpenAPI 3.0 has one type in a schema; it is read as anyOf or nullable")
    elif names != given:
        schema["type"] = names
        changes.report(path, f"{excerpt(given)} is read as {excerpt(names)}")


def _spread(schema: dict[str, Any], names: list[str]) -> None:
    """Put a list of types into the words of OpenAPI 3.0."""
    del schema["type"]
    types: list[dict[str, Any]] = [{"type": name} for name in names if name != "null"]
    if not types:
        schema |= {"enum": [None], "nullable": True}
        return
    if "null" in names:
        types[0]["nullable"] = True
    if len(types) == 1:
        schema |= types[0]
    elif "anyOf" in schema:
        others = schema.get("allOf")
        schema["allOf"] = [*(others if isinstance(others, list) else []), {"anyOf": types}]
    else:
        schema["anyOf"] = types


def repair_nullable(node: Node, changes: Changes) -> None:
    """Read `nullable` of OpenAPI 3.0 in a document of OpenAPI 3.1, where it has no meaning."""
    schema = node.value
    given = schema.get("nullable")
    if not isinstance(given, bool):
        return
    del schema["nullable"]
    if not given:
        changes.report((node.path, "nullable"), "OpenAPI 3.1 has no nullable; false is the same as none")
        return
    changes.report((node.path, "nullable"), "OpenAPI 3.1 has no nullable; its OpenAPI 3.0 meaning is used")
    types = schema.get("type")
    if types is None:
        other = {word: schema.pop(word) for word in list(schema) if word not in _NOT_SHARED}
        if other:
            schema["anyOf"] = [other, {"type": "null"}]
        return
    schema["type"] = [*(types if isinstance(types, list) else [types]), *(() if "null" in types else ("null",))]
    if isinstance(options := schema.get("enum"), list) and None not in options:
        schema["enum"] = [*options, None]


_NOT_SHARED: Final = frozenset({"title", "description", "deprecated", "readOnly", "writeOnly", "default", "example"})
"""Words that say nothing about null."""


def _known(given: Any) -> str | None:
    """The type that a name means; None if it means none."""
    name = given.strip().lower() if isinstance(given, str) else None
    return name if name in (*NAMES, "null") else None
