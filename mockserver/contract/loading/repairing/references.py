"""References of a document: those that lead nowhere, and those for which OpenAPI has no place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from mockserver.contract.loading.checking.document_error import reference_error
from mockserver.contract.loading.checking.members import LinkedPath, linked_pointer
from mockserver.contract.loading.repairing.changes import GONE, Changes, Node
from mockserver.contract.loading.repairing.grammar import MISSING, OBJECTS, REFERENCES
from mockserver.contract.loading.repairing.values import is_fitting
from mockserver.contract.pointer import dereference, parent_of, path_of, pointer_of, resolve_ref, value_at

MAX_EFFORT: Final = 2_000_000
"""The number of values that the search for circles may visit."""


_DEFINITIONS: Final = ("#/$defs/", "#/definitions/", "#/schemas/")
_BARE_NAME: Final = re.compile(r"[^#/\\?]+")


class References:
    """The references of one document."""

    def __init__(
        self, document: dict[str, Any], broken: Mapping[str, str], anchors: Mapping[str, str], changes: Changes
    ) -> None:
        self._document = document
        self._broken = broken
        self._anchors = anchors
        self._changes = changes
        self._followed: set[str] = set()
        self._effort = MAX_EFFORT

    def error(self, ref: str) -> str | None:
        """The reason why a reference leads nowhere; None if it leads somewhere."""
        return self._broken.get(ref) or reference_error(self._document, ref, self._followed)

    def check(self, node: Node) -> str | None:
        """The reference of an object, if it is a sound one; a broken one is removed with the least around it."""
        value = node.value
        ref = value.get("$ref")
        if not isinstance(ref, str):
            if "$ref" in value:
                self._cut(node, "$ref is no text; it is ignored")
            return None
        if (reason := self.error(ref) or self._misfit(ref, node.kind)) is None:
            return ref
        if (escaped := self._escaped(ref)) is not None:
            value["$ref"] = escaped
            self._changes.report((node.path, "$ref"), f"a / in a name is ~1 in a $ref; {escaped} is taken")
            return escaped
        place = (node.path, "$ref")
        if node.kind == "schema" and (named := self._named(ref) or self._defined(ref, node.path)) is not None:
            value["$ref"] = named
            self._changes.report(place, f"{ref} is read as {named}")
            return named
        if node.kind == "schema":
            self._cut(node, f"{reason}; every value passes in its place")
        elif node.kind == "response":
            self._changes.report(place, f"{reason}; a response without a body is taken for it")
            node.put({"description": ""})
        elif node.kind == "path_item" and len(value) > 1:
            self._cut(node, f"{reason}; it is ignored")
        else:
            self._changes.report(place, f"{reason}; the {node.kind.replace('_', ' ')} is left out")
            self._changes.remove(node)
        return None

    def _misfit(self, ref: str, kind: str) -> str | None:
        """The reason why the target is no object of the kind: it lacks what each has; None if it lacks nothing."""
        needed = [name for name, default in MISSING.get(kind, {}).items() if default is None]
        target = dereference(self._document, {"$ref": ref}) if needed else None
        if not needed or (isinstance(target, Mapping) and target.keys() >= set(needed)):
            return None
        return f"$ref {ref} leads to no {kind.replace('_', ' ')}"

    def _named(self, ref: str) -> str | None:
        """The reference to the schema with that anchor or id; None if there is none, or more than one."""
        base, _, pointer = ref.partition("#")
        place = self._anchors.get(ref) or (self._anchors.get(base) if base and pointer[:1] in ("", "/") else None)
        if place is None:
            return None
        named = f"#{place}" if ref in self._anchors else f"#{place}{pointer}"
        return named if self.error(named) is None else None

    def _defined(self, ref: str, path: LinkedPath) -> str | None:
        """The reference to a definition in a schema around it, else to the component of that name.

        Schemas that a program writes, such as Pydantic's, have references that begin at themselves. A name alone is a
        file; where there is none, it is a component, as it is in a discriminator.
        """
        if not ref.startswith(_DEFINITIONS) and not _BARE_NAME.fullmatch(ref):
            return None
        steps = path_of(unquote(ref[1:])) if ref.startswith("#") else ("", unquote(ref))
        places: list[tuple[str, ...]] = []
        while path and ref.startswith("#"):
            places.append((*path_of(linked_pointer(path)), *steps))
            path = path[0]
        places.append(("components", "schemas", *steps[1:]))
        named = (f"#{pointer_of(place)}" for place in places)
        return next((each for each in named if self.error(each) is None), None)

    def _escaped(self, ref: str) -> str | None:
        """The reference to a component whose name has a slash that the reference does not escape."""
        if not ref.startswith("#/components/") or ref.count("/") < 4:
            return None
        steps = path_of(unquote(ref[1:]))
        escaped = f"#{pointer_of((*steps[:2], '/'.join(steps[2:])))}"
        return escaped if self.error(escaped) is None else None

    def replace_foreign(self, node: Node) -> None:
        """Put the target in the place of a reference that OpenAPI does not have there."""
        value = node.value
        if node.kind in REFERENCES or node.kind == "any" or not isinstance(value, dict):
            return
        for _ in range(100):
            # the target that took the place of the last reference may be a list
            if not isinstance(value, dict) or not isinstance(ref := value.get("$ref"), str):
                return
            is_alone = ref.startswith(("#/components/", "#/x-")) or ref in self._broken
            reason = self.error(ref) if is_alone else f"OpenAPI has no $ref here, and {ref} has another place"
            target = None if reason is not None else resolve_ref(self._document, ref)
            if isinstance(target, dict) and node.kind.startswith("[") and node.kind[1:-1] in REFERENCES:
                node.put([value])
                self._changes.report(node.path, "a list is needed; one of this $ref alone is taken")
                return
            own = {name: each for name, each in value.items() if name != "$ref"}
            if target is not None and not own and (entry := _named_entry(ref, node.kind)) is not None:
                node.put({entry: value})
                self._changes.report(node.path, f"a mapping of names is needed; {entry} is taken for the name of {ref}")
                return
            if isinstance(target, dict | list) and self._contains(target, node.holder):
                self._changes.drop(node, f"$ref {ref} refers to itself; it is ignored")
                return
            if target is not None and not own and is_fitting(target, node.kind):
                value = target
            elif isinstance(target, dict) and is_fitting(own, node.kind):
                value = {**target, **own}
            elif not own:
                self._changes.drop(node, f"{reason or f'$ref {ref} leads to nothing that fits here'}; it is ignored")
                return
            else:
                self._cut(node, f"{reason or f'$ref {ref} leads to nothing that fits here'}; it is ignored")
                return
            node.put(value)
            self._changes.report((node.path, "$ref"), f"OpenAPI has no $ref here; the target of {ref} is taken")
            if value is target:
                node.path = _path_to(ref)
        self._changes.drop(node, "$ref refers to itself; it is ignored")

    def merge_path_item(self, node: Node) -> None:
        """Put a path item and the one that it refers to in the place of a $ref beside operations of its own.

        The own members take precedence.
        """
        for _ in range(100):
            value = node.value
            ref = value.get("$ref")
            if len(value) < 2 or not isinstance(ref, str) or self.error(ref) is not None:
                return
            target = resolve_ref(self._document, ref)
            if not isinstance(target, dict) or self._contains(target, node.holder):
                return
            own = {name: each for name, each in value.items() if name != "$ref"}
            if twice := ", ".join(name for name in own if name in target):
                self._changes.report(node.path, f"{twice}: {ref} has it as well; the one beside the $ref is taken")
            node.put({**target, **own})

    def _contains(self, target: Any, holder: Any) -> bool:
        """The holder is a part of the target, so that the target cannot be put into it; or the search takes long."""
        pending, met = [target], set[int]()
        while pending and self._effort > 0:
            value = pending.pop()
            if value is holder:
                return True
            if id(value) not in met:
                met.add(id(value))
                self._effort -= 1
                inner = value.values() if isinstance(value, dict) else value
                pending += [each for each in inner if isinstance(each, dict | list)]
        return self._effort <= 0

    def _cut(self, node: Node, sentence: str) -> None:
        self._changes.report((node.path, "$ref"), sentence)
        node.value.pop("$ref", None)


def _named_entry(ref: str, kind: str) -> str | None:
    """The name of a component of the kind that a map holds; None if the reference leads elsewhere."""
    steps = path_of(unquote(ref.removeprefix("#")))
    is_component = len(steps) == 3 and steps[0] == "components"
    return steps[2] if is_component and OBJECTS["components"].get(steps[1]) == kind else None


def target_node(document: dict[str, Any], ref: str, kind: str) -> Node | None:
    """The node of a reference's target."""
    pointer = unquote(ref.removeprefix("#"))
    if not pointer:
        return None
    last = path_of(pointer)[-1]
    holder = value_at(document, parent_of(pointer))
    node = Node(holder, int(last) if isinstance(holder, list) else last, _path_to(ref), kind)
    return None if node.value is GONE else node


def _path_to(ref: str) -> LinkedPath:
    path: LinkedPath = ()
    for step in path_of(unquote(ref.removeprefix("#"))):
        path = (path, step)
    return path
