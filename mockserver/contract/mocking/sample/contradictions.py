"""Contradictions between a node and a branch of a choice, seen at the types, the constants and those of the members.

Rule 1: a branch is possible unless the value or a member that is needed has no type or constant left. So a wrong answer
        is only a detour.
"""

from __future__ import annotations

from typing import Final

from mockserver.contract.mocking.sample.keywords import absorb
from mockserver.contract.mocking.sample.number import exact
from mockserver.contract.mocking.sample.schema_node import SchemaNode
from mockserver.contract.pointer import dereference
from mockserver.contract.strict_json import Json

MAX_MEMBERS: Final = 20


def is_possible(node: SchemaNode, branch: Json) -> bool:
    """The branch leaves a type, and a constant for the value and each needed member, as far as their keywords show."""
    added = SchemaNode(node.context)
    absorb(added, branch)
    if node.is_impossible or added.is_impossible or not node.types & added.types or not _leaves_constant(node, added):
        return False
    needed = {**node.required, **added.required}
    shared = [name for name in added.properties if name in needed and name in node.properties]
    return all(_has_constant(node, added, name) for name in shared[:MAX_MEMBERS])


def _leaves_constant(node: SchemaNode, added: SchemaNode) -> bool:
    if not added.options and not (node.options and added.excluded):
        return True
    both = SchemaNode(
        node.context,
        types=node.types & added.types,
        options=[*node.options, *added.options],
        excluded=[*node.excluded, *added.excluded],
    )
    return any(_fits(value, node) and _fits(value, added) for value in both.constants())


def _has_constant(node: SchemaNode, added: SchemaNode, name: str) -> bool:
    schemas = [*node.properties[name], *added.properties[name]]
    if not any(_has_options(schema, node) for schema in schemas):
        return True
    member = SchemaNode(node.context)
    for schema in schemas:
        absorb(member, schema)
    return not member.options or any(_fits(value, member) for value in member.constants())


def _has_options(schema: Json, node: SchemaNode) -> bool:
    try:
        resolved = dereference(node.context.document, schema)
    except LookupError:
        return False
    return isinstance(resolved, dict) and ("const" in resolved or "enum" in resolved)


def _fits(value: Json, member: SchemaNode) -> bool:
    if isinstance(value, str):
        return "string" in member.types and member.text.allow(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool({"integer", "number"} & member.types) and member.numbers.contain(exact(value))
    return True
