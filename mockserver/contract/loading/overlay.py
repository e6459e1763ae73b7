"""OpenAPI Overlays: files whose actions change a document.

Rule 1: an action that matches nothing is refused: whoever wrote it meant something.
Rule 2: applying is oas_patch's; this module only says what is wrong with an overlay, and where.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract.loading.reading.source import Source

ACTION_KEYS: Final = frozenset({"target", "description", "update", "remove", "copy"})


class Action(NamedTuple):
    """One action of an overlay, and where it stands."""

    source: Source
    pointer: str
    data: dict[str, Any]


def actions_of(source: Source, data: Any, pointer: str = "") -> Iterator[Action]:
    """The actions of an overlay; raises ContractError where it is none."""
    if not isinstance(data, Mapping):
        raise source.error(pointer, "an overlay is a mapping")
    version = data.get("overlay")
    if not isinstance(version, str) or not version.startswith("1."):
        raise source.error(f"{pointer}/overlay", "an overlay says overlay: 1.x.y, as text")
    actions = data.get("actions")
    if not isinstance(actions, list) or not actions:
        raise source.error(f"{pointer}/actions", "an overlay has a list of actions")
    for index, action in enumerate(actions):
        place = f"{pointer}/actions/{index}"
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise source.error(place, "an action has a target")
        for key in action:
            if key not in ACTION_KEYS and not key.startswith("x-"):
                raise source.error(
                    f"{place}/{key}", f"{key} is no key of an action; {', '.join(sorted(ACTION_KEYS))} are"
                )
        if not {"update", "remove", "copy"} & action.keys():
            raise source.error(place, "an action updates, removes or copies")
        if action.get("remove") is False:
            action = {key: value for key, value in action.items() if key != "remove"}
        yield Action(source, place, action)


def applied(document: dict[str, Any], action: Action) -> dict[str, Any]:
    """The document after one action; the one given stays as it is."""
    from jsonpath_ng.exceptions import JSONPathError
    from jsonpath_ng.ext import parse  # type: ignore[attr-defined] # its face does not declare what it hands on
    from oas_patch.overlay import apply_overlay

    target = action.data["target"]
    try:
        expression = parse(target)
        copy = _unshared(document)
        if "copy" not in action.data and not expression.find(copy):
            raise action.source.error(f"{action.pointer}/target", f"the target {target} matches nothing")
        apply_overlay(copy, {"actions": [_unshared(action.data)]})
    except (JSONPathError, ValueError, TypeError, AttributeError, LookupError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise action.source.error(f"{action.pointer}/target", f"the target {target} can't be used: {reason}") from None
    # One update may have gone to several places; each gets its own.
    return _unshared(copy)


def _unshared(value: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(value))
    return copy
