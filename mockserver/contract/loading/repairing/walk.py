"""One walk over a document along its kinds. Each value is repaired, or costs the smallest part that contains it.

Rule 1: a value is shaped when its holder is visited, so a holder knows at once which of its members remain.
Rule 2: references come last, when every map is in its place.
Rule 3: the targets of references come after everything else: a target that has a kind by its own place keeps it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from mockserver.contract.loading.checking.equality import same_key
from mockserver.contract.loading.checking.members import LinkedPath, linked_pointer
from mockserver.contract.loading.checking.schema_cost import SchemaCost
from mockserver.contract.loading.repairing.changes import GONE, Changes, Node, excerpt
from mockserver.contract.loading.repairing.grammar import (
    DEFINITIONS,
    MAPS,
    MISSING,
    OBJECTS,
    REFERENCES,
    UNIQUE,
    members_of,
)
from mockserver.contract.loading.repairing.objects import RULES
from mockserver.contract.loading.repairing.references import References, target_node
from mockserver.contract.loading.repairing.schema_words import find_anchors
from mockserver.contract.loading.repairing.schemas import repair_schema
from mockserver.contract.loading.repairing.values import converted, is_fitting, needed
from mockserver.contract.schema.translation import is_openapi_30


class DocumentWalk:
    """One walk over a document."""

    def __init__(
        self, document: dict[str, Any], changes: Changes, pointed_at: frozenset[str], broken: Mapping[str, str]
    ) -> None:
        self._document = document
        self._changes = changes
        self._pointed_at = pointed_at
        self._is_30 = is_openapi_30(document)
        self._members = {kind: members_of(kind, is_30=self._is_30) for kind in OBJECTS}
        self._cost = SchemaCost(document)
        self._anchors = find_anchors(document)
        self._references = References(document, broken, self._anchors, changes)
        self._pending: list[Node] = []
        self._referring: deque[Node] = deque()
        self._seen: set[int] = set()
        self.kept: list[tuple[dict[str, Any], LinkedPath]] = []
        """The unknown members that references point at, each with its holder."""

    def run(self) -> None:
        """Repair the document in place."""
        self._pending.append(Node({"": self._document}, "", (), "document"))
        while self._pending or self._referring:
            if self._pending:
                self._visit(self._pending.pop())
            else:
                self._follow(self._referring.popleft())
        self._changes.close_up()

    def _follow(self, node: Node) -> None:
        """Visit the target of a reference, if no walk along the kinds has met it."""
        if not isinstance(node.value, dict) or (ref := self._references.check(node)) is None:
            return
        target = target_node(self._document, ref, node.kind)
        if target is not None and id(target.value) not in self._seen:
            self._shape(target)

    def _visit(self, node: Node) -> None:
        value = node.value
        if value is GONE or id(value) in self._seen:
            return
        self._seen.add(id(value))
        first = len(self._pending)
        if node.kind.startswith("["):
            self._visit_list(node, value)
        elif node.kind.startswith("{") or node.kind in MAPS:
            self._visit_map(node, value)
        else:
            self._visit_object(node, value)
        added = self._pending[first:]
        if node.kind == "document":  # a reference into the components needs them in place
            added.sort(key=lambda each: each.key != "components")
        self._pending[first:] = reversed(added)

    def _visit_list(self, node: Node, items: list[Any]) -> None:
        met: set[str] = set()
        for at, index in enumerate(self._changes.indices(items)):
            item = Node(items, at, (node.path, index), node.kind[1:-1])
            if not self._shape(item) or node.kind not in UNIQUE:
                continue
            if (key := same_key(item.value)) in met:
                self._changes.drop(item, f"{excerpt(item.value)} is repeated; it is taken once")
            met.add(key)

    def _visit_map(self, node: Node, members: dict[str, Any]) -> None:
        if node.kind in RULES:
            RULES[node.kind](node, self._changes, self._is_30)
        kind = MAPS.get(node.kind) or node.kind[1:-1]
        for name in list(members):
            if not (node.kind in MAPS and name.startswith("x-")):
                self._shape(Node(members, name, (node.path, name), kind))

    def _visit_object(self, node: Node, value: dict[str, Any]) -> None:
        if node.kind == "path_item":
            self._references.merge_path_item(node)
            value = node.value
        if node.kind in REFERENCES and "$ref" in value:
            self._referring.append(node)
            if node.kind != "path_item" and (self._is_30 or node.kind != "schema"):
                return
        if node.kind == "schema":
            repair_schema(node, self._changes, self._cost, self._anchors, is_30=self._is_30)
        elif node.kind in RULES:
            RULES[node.kind](node, self._changes, self._is_30)
        if node.value is GONE:
            return
        self._shape_members(node, value)
        self._fill(node, value)

    def _shape_members(self, node: Node, value: dict[str, Any]) -> None:
        kinds = self._members[node.kind]
        unknown = []
        for name in list(value):
            if (kind := kinds.get(name)) is not None:
                self._shape(Node(value, name, (node.path, name), kind))
            elif node.kind == "schema" and self._is_30 and name in DEFINITIONS:
                self.kept.append((value, (node.path, name)))
            elif not name.startswith("x-"):
                unknown.append(name)
        if not unknown or (node.kind == "schema" and not self._is_30):
            return
        names = ", ".join(unknown)
        self._changes.report(node.path, f"{names}: OpenAPI has no such member here; it is ignored")
        for name in unknown:
            if linked_pointer((node.path, name)) in self._pointed_at:
                self.kept.append((value, (node.path, name)))
            else:
                del value[name]

    def _fill(self, node: Node, value: dict[str, Any]) -> None:
        for name, default in MISSING.get(node.kind, {}).items():
            if name in value:
                continue
            if default is None and node.path:
                self._changes.drop(node, f"{name} is missing; the {node.kind.replace('_', ' ')} is left out")
                return
            self._changes.report(node.path, f"{name} is missing; {excerpt(default)} is taken for it")
            value[name] = default

    def _shape(self, node: Node) -> bool:
        """Give a value the form of its kind. True if it remains; the visit of its members is planned."""
        self._references.replace_foreign(node)
        value = node.value
        if value is GONE:
            return False
        if node.kind == "schema" and isinstance(value, str) and (meant := converted(value, "schema")) is not GONE:
            self._changes.report(node.path, f"{excerpt(value)} is not a schema; {excerpt(meant)} is taken")
            node.put(value := meant)
        if node.kind == "schema" and isinstance(value, bool):
            if self._is_30 and node.path[1] != "additionalProperties":
                node.put({} if value else {"not": {}})
                self._changes.report(node.path, f"{excerpt(value)} is no schema in OpenAPI 3.0; its meaning is taken")
            return True
        if not is_fitting(value, node.kind):
            other = converted(value, node.kind)
            if other is GONE:
                self._changes.drop(node, f"{excerpt(value)} is not {needed(node.kind)}; it is ignored")
                return False
            node.put(other)
            self._changes.report(node.path, f"{excerpt(value)} is not {needed(node.kind)}; {excerpt(other)} is taken")
        if isinstance(node.value, dict | list) and node.kind != "any":
            self._pending.append(node)
        return True
