"""Repairs of paths and operations that the structure does not show: variables, repeats, names of headers, fragments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from mockserver.contract.contract import METHODS
from mockserver.contract.loading.checking.members import LinkedPath
from mockserver.contract.loading.repairing.changes import GONE, Changes, Node
from mockserver.contract.pointer import dereference
from mockserver.contract.route import VARIABLE

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_MEDIA_TYPE: Final = re.compile(rf"\s*{_TOKEN.pattern}/{_TOKEN.pattern}\s*(?:;|$)")


def repair_operations(document: dict[str, Any], changes: Changes) -> None:
    """Repair the paths of a document in place."""
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return
    _rename_variables(document, paths, changes)
    _report_twins(paths, changes)
    _merge_fragments(document, paths, changes)
    held = [(path, item) for path in paths if (item := _mapping(document, paths[path])) is not None]
    shared = _shared([item for _, item in held])
    schemes = _schemes(document)
    _report_unknown_schemes(document, (), schemes, changes)
    _drop_repeated_ids(held, changes)
    for path, item in held:
        if path.startswith("/"):
            _Item(document, path, item, changes, is_shared=id(item) in shared).repair(schemes)
    changes.close_up()


def _mapping(document: dict[str, Any], value: Any) -> dict[str, Any] | None:
    try:
        found = dereference(document, value)
    except LookupError:
        return None
    return found if isinstance(found, dict) else None


def _drop_repeated_ids(held: list[tuple[str, dict[str, Any]]], changes: Changes) -> None:
    """Leave an operationId to the first operation that has it."""
    first: dict[str, int] = {}
    for path, item in held:
        for method in METHODS:
            operation = item.get(method)
            name = operation.get("operationId") if isinstance(operation, dict) else None
            if isinstance(name, str) and first.setdefault(name, id(operation)) != id(operation):
                place = ((((), "paths"), path), method)
                sentence = f"the operationId {name} is repeated; the first operation has it"
                changes.drop(Node(operation, "operationId", (place, "operationId"), "text"), sentence)


def _schemes(document: dict[str, Any]) -> frozenset[str]:
    components = document.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    return frozenset(declared) if isinstance(declared, dict) else frozenset()


def _report_unknown_schemes(
    holder: dict[str, Any], place: LinkedPath, schemes: frozenset[str], changes: Changes
) -> None:
    requirements = holder.get("security")
    for index, each in enumerate(requirements if isinstance(requirements, list) else ()):
        for name in [name for name in each if name not in schemes] if isinstance(each, dict) else ():
            path = (((place, "security"), index), name)
            changes.report(path, f"the document declares no security scheme {name}; every request passes it")


def _shared(items: list[dict[str, Any]]) -> set[int]:
    met: set[int] = set()
    twice: set[int] = set()
    for item in items:
        (twice if id(item) in met else met).add(id(item))
    return twice


def _rename_variables(document: dict[str, Any], paths: dict[str, Any], changes: Changes) -> None:
    """Read `{ id }` as `{id}`, and `:id` likewise if a parameter of the path has that name."""
    names: dict[str, str] = {}
    for path in paths:
        if path.startswith("/") and ("{" in path or "/:" in path):
            other = VARIABLE.sub(lambda found: f"{{{found[1].strip()}}}", path)
            for name in _path_parameters(document, paths[path]) if "/:" in path else ():
                other = re.sub(f"/:{re.escape(name)}(?=/|$)", lambda found: f"/{{{found[0][2:]}}}", other)
            if other != path and other not in paths:
                names[path] = other
                changes.report((((), "paths"), path), f"the path is read as {other}")
    if names:
        renamed = {names.get(path, path): item for path, item in paths.items()}
        paths.clear()
        paths.update(renamed)


def _path_parameters(document: dict[str, Any], item: Any) -> frozenset[str]:
    """The names of the parameters in the path of an item and its operations."""
    whole = _mapping(document, item) or {}
    holders = [whole, *(each for method in METHODS if isinstance(each := whole.get(method), dict))]
    lists = [each for holder in holders if isinstance(each := holder.get("parameters"), list)]
    found = (_mapping(document, each) or {} for each in (parameter for parameters in lists for parameter in parameters))
    return frozenset(str(each.get("name")) for each in found if each.get("in") == "path")


def _report_twins(paths: dict[str, Any], changes: Changes) -> None:
    first: dict[str, str] = {}
    for path in paths:
        if "{" not in path:
            continue
        known = first.setdefault(VARIABLE.sub("{}", path), path)
        if known != path:
            changes.report((((), "paths"), path), f"the path is the same as {known}; one path item should have both")


def _merge_fragments(document: dict[str, Any], paths: dict[str, Any], changes: Changes) -> None:
    """Move an operation of `/a#b` to `/a`, where a request can reach it."""
    for path in [path for path in paths if path.startswith("/") and re.search(r"[#?]", path)]:
        real = re.split(r"[#?]", path, maxsplit=1)[0]
        place = (((), "paths"), path)
        item, other = _mapping(document, paths[path]), _mapping(document, paths.get(real, {}))
        if item is None or other is None:
            continue
        methods = [method for method in METHODS if method in item]
        taken = [method for method in methods if method in other]
        if taken:
            names = ", ".join(method.upper() for method in taken)
            escaped = path.replace("#", "%23").replace("?", "%3F")
            changes.report(
                place, f"no request has a fragment or query in its path, and {real} has {names}; use {escaped}"
            )
            continue
        changes.report(place, f"no request has a fragment or query in its path; its operations are taken for {real}")
        if real not in paths:
            renamed = {real if each == path else each: value for each, value in paths.items()}
            paths.clear()
            paths.update(renamed)
            continue
        parameters = item.get("parameters")
        for method in methods:
            operation = item[method]
            if isinstance(parameters, list) and isinstance(operation, dict):
                operation = {**operation, "parameters": [*(operation.get("parameters") or []), *parameters]}
            other[method] = operation
        del paths[path]


class _Item:
    """One path item."""

    def __init__(
        self, document: dict[str, Any], path: str, item: dict[str, Any], changes: Changes, *, is_shared: bool
    ) -> None:
        self._document = document
        self._variables = dict.fromkeys(VARIABLE.findall(path))
        self._path = path
        self._item = item
        self._changes = changes
        self._is_shared = is_shared

    def repair(self, schemes: frozenset[str]) -> None:
        """Repair the parameters, responses and headers of the operations."""
        place: LinkedPath = (((), "paths"), self._path)
        outer = self._parameters(self._item, place)
        for method in METHODS:
            operation = self._item.get(method)
            if not isinstance(operation, dict):
                continue
            own = self._parameters(operation, (place, method))
            _report_unknown_schemes(operation, (place, method), schemes, self._changes)
            self._check_media_types(operation, "requestBody", (place, method))
            if not operation.get("responses"):
                self._changes.report((place, method), "responses are missing; 204 without a body is taken")
                operation["responses"] = {"204": {"description": ""}}
            else:
                self._check_responses(operation, (place, method))
            missing = [name for name in self._variables if name not in outer and name not in own]
            if missing:
                self._declare(operation, missing, (place, method))

    def _parameters(self, holder: dict[str, Any], place: LinkedPath) -> set[str]:
        """The variables of the path among the parameters of a holder; useless parameters are removed."""
        found: set[str] = set()
        met: set[tuple[str, str]] = set()
        items = holder.get("parameters")
        for node, parameter in self._nodes(items, (place, "parameters")) if isinstance(items, list) else ():
            key = (str(parameter.get("in")), str(parameter.get("name")))
            if key in met:
                self._changes.drop(node, f"the {key[0]} parameter {key[1]} is repeated; the first one is taken")
            elif key[0] == "path" and key[1] not in self._variables and not self._is_shared:
                self._changes.drop(node, f"{self._path} has no {{{key[1]}}}; the parameter is left out")
            elif key[0] == "header" and not _TOKEN.fullmatch(key[1]):
                self._changes.drop(node, f"{key[1]!r} is no name of a header; the parameter is left out")
            elif key[0] == "path":
                found.add(key[1])
            met.add(key)
        return found

    def _nodes(self, items: list[Any], place: LinkedPath) -> Iterator[tuple[Node, dict[str, Any]]]:
        for at, index in enumerate(self._changes.indices(items)):
            if (parameter := _mapping(self._document, items[at])) is not None:
                yield Node(items, at, (place, index), "parameter"), parameter

    def _declare(self, operation: dict[str, Any], names: list[str], place: LinkedPath) -> None:
        """Declare variables of the path as texts."""
        declared = operation.get("parameters")
        more = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        own = [each for each in declared if each is not GONE] if isinstance(declared, list) else []
        operation["parameters"] = [*own, *more]
        variables = ", ".join(f"{{{name}}}" for name in names)
        self._changes.report(place, f"no parameter is declared for {variables} in the path; a text is taken")

    def _check_responses(self, operation: dict[str, Any], place: LinkedPath) -> None:
        responses = operation["responses"]
        for status, each in responses.items() if isinstance(responses, dict) else ():
            response = _mapping(self._document, each)
            headers = response.get("headers") if response is not None else None
            here = ((place, "responses"), status)
            for name in [name for name in headers if not _TOKEN.fullmatch(name)] if isinstance(headers, dict) else ():
                self._changes.drop(
                    Node(headers, name, ((here, "headers"), name), "header"),
                    f"{name!r} is no name of a header; it is left out",
                )
            self._check_media_types(responses, status, (place, "responses"))

    def _check_media_types(self, holder: dict[str, Any], name: str, place: LinkedPath) -> None:
        """Leave out the content of a body or response whose name is no media type."""
        found = _mapping(self._document, holder.get(name))
        content = found.get("content") if found is not None else None
        for each in [each for each in content if not _MEDIA_TYPE.match(each)] if isinstance(content, dict) else ():
            self._changes.drop(
                Node(content, each, (((place, name), "content"), each), "media_type"),
                f"{each!r} is no media type, such as application/json; it is left out",
            )
