"""Apply an action of an OpenAPI Overlay to a document.

Rule 1: the target is a JSONPath of RFC 9535, and must match something.
Rule 2: `remove` deletes each target and excludes the others. `update` and `copy` merge a value into each target:
        members recursively, entries at the end of a list, anything else in its place. `copy` takes the value from the
        document.
Rule 3: an action is idempotent: what the document says already is not said twice (repeats.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mockserver.contract.loading.overlay import OverlayAction
from mockserver.contract.loading.repeats import drop_repeats

if TYPE_CHECKING:
    from jsonpath import JSONPathMatch


def apply_action(document: dict[str, Any], action: OverlayAction) -> dict[str, Any]:
    """The document after one action; the given document is unchanged. Raises ContractError."""
    copy: dict[str, Any] = _deep_copy(document)
    targets = _find(copy, action, "target")
    if action.data.get("remove"):
        for target in reversed(targets):  # the last one first: positions in a list move up
            if target.parent is None:
                raise action.source.error(f"{action.pointer}/target", "the target $ can't be used: it is the document")
            del _parent_of(target)[target.parts[-1]]
        return copy
    value = _find(copy, action, "copy", most=1)[0].obj if "copy" in action.data else action.data["update"]
    for target in targets:
        # each target gets a value of its own: a later action may change one of them
        _merge_into(target, _deep_copy(value), action)
    return drop_repeats(document, copy)


def _find(
    document: dict[str, Any], action: OverlayAction, member: str, *, most: int | None = None
) -> Sequence[JSONPathMatch]:
    """The places that the path of an action's member matches; at least one."""
    from jsonpath import JSONPathEnvironment, JSONPathError  # documents without overlays do without it

    path, pointer = action.data[member], f"{action.pointer}/{member}"
    try:
        found = list(JSONPathEnvironment(strict=True).finditer(path, document))
    except (JSONPathError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise action.source.error(pointer, f"the {member} {path} can't be used: {reason}") from None
    if not found:
        raise action.source.error(pointer, f"the {member} {path} matches nothing")
    if most is not None and len(found) > most:
        raise action.source.error(pointer, f"the {member} {path} matches {len(found)} places; one is needed")
    return found


def _merge_into(target: JSONPathMatch, value: Any, action: OverlayAction) -> None:
    there = target.obj
    if isinstance(there, list):
        there.extend(value if isinstance(value, list) else [value])
    elif isinstance(there, dict) and isinstance(value, dict):
        _merge_members(there, value)
    elif target.parent is None:
        raise action.source.error(action.pointer, "the target $ takes an object, which is merged into the document")
    else:
        _parent_of(target)[target.parts[-1]] = value


def _merge_members(there: dict[str, Any], members: dict[str, Any]) -> None:
    pending = [(there, members)]
    while pending:
        old, new = pending.pop()
        for name, value in new.items():
            present = old.get(name)
            if isinstance(present, dict) and isinstance(value, dict):
                pending.append((present, value))
            elif isinstance(present, list) and isinstance(value, list):
                present.extend(value)
            else:
                old[name] = value


def _parent_of(target: JSONPathMatch) -> Any:
    """The object or list that contains the target, which is not the root."""
    assert target.parent is not None
    return target.parent.obj


def _deep_copy(value: Any) -> Any:
    return json.loads(json.dumps(value))
