"""Contradictions between a node and a branch of a choice, seen at the members with constants.

Rule 1: a branch is possible unless a member that is needed has no constant left. So a wrong answer is only a detour.
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
    """The branch leaves a constant for each needed member, as far as the members' own keywords show."""
    added = SchemaNode(node.context)
    absorb(added, branch)
    needed = {**node.required, **added.required}
    shared = [name for name in added.properties if name in needed and name in node.properties]
    return all(_has_constant(node, added, name) for name in shared[:MAX_MEMBERS])


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
