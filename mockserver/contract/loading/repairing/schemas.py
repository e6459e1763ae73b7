"""The repairs of a schema, in their order."""

from __future__ import annotations

from typing import Any

from mockserver.contract.loading.checking.document_error import TOO_COSTLY
from mockserver.contract.loading.checking.schema_cost import COMPOSITIONS, SchemaCost
from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt
from mockserver.contract.loading.repairing.schema_types import repair_nullable, repair_type
from mockserver.contract.loading.repairing.schema_words import (
    Anchors,
    drop_word,
    repair_bounds,
    repair_drafts,
    repair_emptiness,
    repair_items,
    repair_numbers,
    repair_pattern_word,
)


def repair_schema(node: Node, changes: Changes, cost: SchemaCost, anchors: Anchors, *, is_30: bool) -> None:
    """Repair the keywords of one schema; its members are repaired when they are visited."""
    schema = node.value
    repair_type(node, changes, is_30=is_30)
    if not is_30:
        repair_nullable(node, changes)
    repair_drafts(node, changes, anchors, is_30=is_30)
    repair_bounds(node, changes, is_30=is_30)
    repair_items(node, changes, is_30=is_30)
    _move_required(node, changes)
    _repair_required(node, changes)
    _drop_nulls(node, changes)
    repair_emptiness(node, changes, is_30=is_30)
    repair_numbers(node, changes)
    repair_pattern_word(node, changes)
    for word in COMPOSITIONS:
        if isinstance(branches := schema.get(word), list) and cost.exceeds_limit(branches):
            drop_word(node, word, f"{TOO_COSTLY}; {word} is ignored", changes)


def _move_required(node: Node, changes: Changes) -> None:
    """Read `required: true` in the schema of a member as an entry in `required` of the object."""
    schema = node.value
    members = schema.get("properties")
    for name, member in members.items() if isinstance(members, dict) else ():
        given = member.get("required") if isinstance(member, dict) else None
        if given is None or (is_required := _boolean(given)) is None:
            continue
        place = (((node.path, "properties"), name), "required")
        del member["required"]
        if not is_required:
            changes.report(place, "required is a list of names in a schema; false is the same as none")
            continue
        changes.report(place, f"required is a list of names in a schema; {name} is taken as required")
        names = schema.get("required")
        if _boolean(names) is not None or not isinstance(names, list):
            names = [names] if isinstance(names, str) and _boolean(names) is None else []
        schema["required"] = names if name in names else [*names, name]


def _repair_required(node: Node, changes: Changes) -> None:
    given = node.value.get("required")
    if given is not None and _boolean(given) is not None:
        sentence = f"required is a list of names in a schema; {excerpt(given)} is ignored"
        drop_word(node, "required", sentence, changes)


def _drop_nulls(node: Node, changes: Changes) -> None:
    schema = node.value
    for word in [word for word, value in schema.items() if value is None]:
        if word not in ("default", "example", "const") and not word.startswith("x-"):
            drop_word(node, word, f"{word} is empty; it is ignored", changes)


def _boolean(value: Any) -> bool | None:
    """The boolean that a value means; None if it means none."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None
